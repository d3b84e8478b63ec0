//! What a bench run reports: one row per figure, as a table and as JSON.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was measured.
    pub name: String,
    /// The median; none if it was not measured, and `settings` says why.
    pub value: Option<f64>,
    /// The unit of the value.
    pub unit: &'static str,
    /// The smallest and the greatest value of all rounds.
    pub spread: Option<(f64, f64)>,
    /// How it was measured: sizes, clients, rounds, and how busy the machine was before.
    pub settings: String,
}

/// What of everything is measured, and how long.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What the names of the figures begin with; empty for all.
    pub only: String,
    /// Whether rounds are short: to see that everything runs, not to compare.
    pub is_quick: bool,
}

/// All figures of one run, in the order they were measured.
#[derive(Debug)]
pub struct Report {
    choice: Choice,
    rows: Vec<Row>,
    load: String,
}

impl Report {
    /// Begins a report and prints the head of the table.
    pub fn new(choice: Choice) -> Self {
        println!("{:<52} {:>12} {:<12} {:>25}  settings", "figure", "median", "unit", "spread");
        Self { choice, rows: Vec::new(), load: String::new() }
    }

    /// Returns whether rounds are short.
    pub fn is_quick(&self) -> bool {
        self.choice.is_quick
    }

    /// Returns whether any figure whose name begins with one of these is wanted; if so, notes how busy the machine is.
    pub fn begin(&mut self, groups: &[&str]) -> bool {
        let only = self.choice.only.as_str();
        let is_wanted = groups.iter().any(|it| it.starts_with(only) || only.starts_with(it));
        if is_wanted {
            self.load = load();
            println!("-- {} ({})", groups.join(", "), self.load);
        }
        is_wanted
    }

    /// Adds the figure of several rounds: their median and spread. Rounds of one figure share one run.
    pub fn add(
        &mut self,
        name: &str,
        unit: &'static str,
        settings: impl Into<String>,
        mut rounds: Vec<f64>,
    ) {
        rounds.sort_by(f64::total_cmp);
        let (Some(low), Some(high)) = (rounds.first(), rounds.last()) else { return };
        let (value, spread) = (Some(rounds[rounds.len() / 2]), Some((*low, *high)));
        let settings = format!("{}; {}", settings.into(), self.load);
        self.push(Row { name: name.into(), value, unit, spread, settings });
    }

    /// Adds a figure that was not measured, and what to do about it.
    pub fn not_run(&mut self, name: &str, unit: &'static str, cure: &str) {
        let settings = format!("not run: {cure}");
        self.push(Row { name: name.into(), value: None, unit, spread: None, settings });
    }

    /// Writes all rows as a JSON array.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        let text = serde_json::to_string_pretty(&self.rows).map_err(std::io::Error::other)?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)
    }

    fn push(&mut self, row: Row) {
        if row.name.starts_with(&self.choice.only) {
            println!("{}", line(&row));
            self.rows.push(row);
        }
    }
}

/// Runs a round several times and returns what each returned.
pub fn rounds(count: usize, mut round: impl FnMut() -> f64) -> Vec<f64> {
    (0..count).map(|_| round()).collect()
}

/// Measures how long something takes.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// Returns how many per second.
pub fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

/// Returns the value below which a share of the sorted values lies.
pub fn percentile(sorted: &[f64], share: f64) -> f64 {
    let index = ((sorted.len().saturating_sub(1)) as f64 * share).round() as usize;
    sorted.get(index).copied().unwrap_or_default()
}

/// Says how busy the machine is with everything, the bench and its neighbours.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let minute = text.split_whitespace().next().unwrap_or("unknown");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("load {minute} on {cores} cores")
}

fn line(row: &Row) -> String {
    let value = row.value.map_or("-".to_owned(), number);
    let mut text = format!("{:<52} {value:>12} {:<12}", row.name, row.unit);
    let spread = row.spread.map(|(low, high)| format!("{} .. {}", number(low), number(high)));
    let _ = write!(text, " {:>25}  {}", spread.unwrap_or_default(), row.settings);
    text
}

fn number(value: f64) -> String {
    let digits = if value >= 100.0 { 0 } else { 2 };
    let plain = format!("{value:.digits$}");
    let (whole, rest) = plain
        .split_once('.')
        .map_or((plain.as_str(), String::new()), |(a, b)| (a, format!(".{b}")));
    let grouped: Vec<&str> = whole
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|it| std::str::from_utf8(it).unwrap_or_default())
        .collect();
    format!("{}{rest}", grouped.join(","))
}

/// How often each figure is measured.
pub const ROUNDS: usize = 3;
