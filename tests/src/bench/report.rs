//! What a bench run reports: one row per figure, as a table and as JSON.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was measured.
    pub name: String,
    /// The median.
    pub value: f64,
    /// The unit of the value.
    pub unit: &'static str,
    /// The smallest and the greatest value of all rounds.
    pub spread: (f64, f64),
    /// How it was measured: sizes, clients, rounds.
    pub settings: String,
}

/// All figures of one run, in the order they were measured.
#[derive(Debug, Default)]
pub struct Report {
    rows: Vec<Row>,
}

impl Report {
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
        let value = rounds[rounds.len() / 2];
        let row = Row {
            name: name.into(),
            value,
            unit,
            spread: (*low, *high),
            settings: settings.into(),
        };
        println!("{}", line(&row));
        self.rows.push(row);
    }

    /// Writes all rows as JSON lines in an array.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        let text = serde_json::to_string_pretty(&self.rows).map_err(std::io::Error::other)?;
        std::fs::write(path, text)
    }
}

/// Prints the head of the table.
pub fn print_head() {
    println!("{:<52} {:>12} {:<12} {:>25}  settings", "figure", "median", "unit", "spread");
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

fn line(row: &Row) -> String {
    let mut text = format!("{:<52} {:>12} {:<12}", row.name, number(row.value), row.unit);
    let spread = format!("{} .. {}", number(row.spread.0), number(row.spread.1));
    let _ = write!(text, " {spread:>25}  {}", row.settings);
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
