//! The coverage-guided fuzzer: builds the targets of `tests/fuzz` with counters, and runs them.
//!
//! A stable compiler can do it: what counts edges is a pass of LLVM that needs no unstable flag.

use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::step::Stop;
use crate::terminal::{duration, passing};
use crate::work::{Work, answer};

/// What is asked for.
pub struct Options {
    /// How long each target runs.
    pub time: Duration,
    /// The targets by name; all if none is named.
    pub targets: Vec<String>,
    /// How many run at once.
    pub jobs: usize,
}

/// What one target did.
#[derive(Default)]
pub struct Report {
    target: String,
    executions: u64,
    edges: u64,
    time: Duration,
    /// What the target said last, if it found something.
    crash: Option<Crash>,
}

/// An input of which something does not hold.
struct Crash {
    input: PathBuf,
    said: Vec<String>,
}

/// The step of a test run.
pub fn step(work: &mut Work) -> Result<(), Stop> {
    if work.fuzz_minutes == 0 {
        return Err(Stop::NotRun("expected minutes to fuzz, found 0".into()));
    }
    let time = Duration::from_mins(work.fuzz_minutes);
    let options = Options { time, targets: Vec::new(), jobs: jobs() };
    let reports = run(work, &options)?;
    let texts = reports.iter().map(|it| it.text(&work.root));
    texts.collect::<Vec<_>>().iter().for_each(|it| work.note(it));
    let found = reports.iter().filter(|it| it.crash.is_some()).count();
    if found > 0 {
        return Err(Stop::Failed(format!("{found} targets found an input that does not hold")));
    }
    Ok(())
}

/// Builds the targets and runs them.
pub fn run(work: &mut Work, options: &Options) -> Result<Vec<Report>, String> {
    let targets = choose(&work.root, &options.targets)?;
    let binaries = build(work)?;
    work.note(&format!("built by {}", compiler()));
    let folder = work.target().join("xtask/fuzz");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let queue = Mutex::new(VecDeque::from(targets.clone()));
    let states: Vec<_> = targets.iter().map(|_| Mutex::new(Report::default())).collect();
    let take = || lock(&queue).pop_front();
    let one = || -> Result<(), String> {
        while let Some(target) = take() {
            let place = targets.iter().position(|it| *it == target).unwrap_or_default();
            let mut command = command(&work.root, &binaries, &folder, &target, options.time)?;
            follow(&mut command, &target, &states[place])?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..options.jobs.max(1)).map(|_| scope.spawn(one)).collect();
        while threads.iter().any(|it| !it.is_finished()) {
            let lines: Vec<_> = states.iter().filter_map(|it| lock(it).progress()).collect();
            passing(&format!("  fuzz  {}", lines.join(" · ")));
            thread::sleep(POLL);
        }
        let mut ends = threads.into_iter().map(|it| it.join());
        ends.try_for_each(|it| it.unwrap_or_else(|_| Err("a thread panicked".into())))
    })
    .map(|()| states.into_iter().map(|it| it.into_inner().unwrap_or_default()).collect())
}

/// Returns how many targets run at once where nobody says.
pub fn jobs() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Returns the version of the compiler that builds the targets.
pub fn compiler() -> String {
    answer(&rustc(), &["--version"]).map_or_else(String::new, |it| it.trim().into())
}

impl Report {
    /// Tells whether it found an input of which something does not hold.
    pub fn has_crash(&self) -> bool {
        self.crash.is_some()
    }

    /// Returns it as people read it.
    pub fn text(&self, root: &Path) -> String {
        let Self { target, executions, edges, time, crash } = self;
        let time = duration(*time);
        let mut text =
            format!("{target:<12} {executions:>10} executions  {edges:>6} edges  {time}");
        if let Some(crash) = crash {
            let input = crash.input.strip_prefix(root).unwrap_or(&crash.input).display();
            crash.said.iter().for_each(|line| text += &format!("\n  | {line}"));
            text += &format!(
                "\n  input:     {input}\n  reproduce: cargo run --package dacapo-fuzz --bin {target} -- {input}\n  \
                 then:      mend it, and keep the input in tests/fuzz/corpus/{target}"
            );
        }
        text
    }

    /// Returns it as programs read it.
    pub fn json(&self) -> serde_json::Value {
        json!({
            "target": self.target,
            "executions": self.executions,
            "edges": self.edges,
            "seconds": self.time.as_secs(),
            "toolchain": compiler(),
            "crash": self.crash.as_ref().map(|it| it.input.display().to_string()),
        })
    }

    fn progress(&self) -> Option<String> {
        let short = || format!("{} {} runs, {} edges", self.target, self.executions, self.edges);
        (!self.target.is_empty()).then(short)
    }

    /// Reads a line of the fuzzer: `#1024 NEW cov: 321 ft: …`, or one of its numbers at the end.
    fn read(&mut self, line: &str) {
        let words: Vec<_> = line.split_whitespace().collect();
        let number = |text: &str| text.parse::<u64>().ok();
        match words.as_slice() {
            [count, ..] if count.starts_with('#') => {
                self.executions = number(&count[1..]).unwrap_or(self.executions);
                let at = words.iter().position(|it| *it == "cov:").map(|it| it + 1);
                let edges = at.and_then(|it| words.get(it)).and_then(|it| number(it));
                self.edges = edges.unwrap_or(self.edges);
            }
            ["stat::number_of_executed_units:", count] => {
                self.executions = number(count).unwrap_or(self.executions);
            }
            _ => {}
        }
    }
}

fn choose(root: &Path, names: &[String]) -> Result<Vec<String>, String> {
    let folder = root.join(CRATE).join("src/bin");
    let entries = fs::read_dir(&folder).map_err(|it| format!("{}: {it}", folder.display()))?;
    let stems = entries.flatten().filter_map(|it| Some(it.path().file_stem()?.to_owned()));
    let mut all: Vec<_> = stems.map(|it| it.to_string_lossy().into_owned()).collect();
    all.sort();
    if let Some(name) = names.iter().find(|it| !all.contains(it)) {
        return Err(format!("expected a target ({}), found `{name}`", all.join(", ")));
    }
    Ok(if names.is_empty() { all } else { names.to_vec() })
}

/// Builds the targets with counters at every edge; returns their folder.
fn build(work: &mut Work) -> Result<PathBuf, String> {
    let about = answer(&rustc(), &["-vV"]).ok_or("rustc does not start")?;
    let host = about.lines().find_map(|it| it.strip_prefix("host: ")).unwrap_or_default();
    // With a target of its own the flags do not reach build scripts.
    let args =
        ["build", "--package", "dacapo-fuzz", "--bins", "--profile", "fuzz", "--target", host];
    let mut command = work.cargo(&args);
    work.run(command.env("RUSTFLAGS", FLAGS.join(" ")), Duration::from_mins(30))?;
    Ok(work.target().join(host).join("fuzz"))
}

fn command(
    root: &Path,
    binaries: &Path,
    folder: &Path,
    target: &str,
    time: Duration,
) -> Result<Command, String> {
    let found = folder.join(target);
    fs::create_dir_all(&found).map_err(|error| format!("{}: {error}", found.display()))?;
    let notation = if target.ends_with("_xml") { target.trim_end_matches("_xml") } else { "feel" };
    let length_max = if notation == "feel" { 1_024 } else { 16_384 };
    let dictionary = root.join(CRATE).join(format!("dictionaries/{notation}.txt"));
    let mut command = Command::new(binaries.join(target));
    // The first folder takes what is found, the second is only read.
    command.arg(found).arg(root.join(CRATE).join("corpus").join(target));
    command.arg(format!("-max_total_time={}", time.as_secs()));
    command.arg(format!("-max_len={length_max}"));
    command.arg(format!("-dict={}", dictionary.display()));
    command.arg(format!("-artifact_prefix={}/{target}-", folder.display()));
    // An input that takes this long hangs: all that it may do is bounded.
    command.args(["-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    Ok(command)
}

fn follow(command: &mut Command, target: &str, state: &Mutex<Report>) -> Result<(), String> {
    let begin = Instant::now();
    lock(state).target = target.into();
    let started = command.spawn();
    let mut child = started.map_err(|error| format!("{target} does not start: {error}"))?;
    let mut said = VecDeque::new();
    let mut input = None;
    for line in child.stderr.take().into_iter().flat_map(|it| BufReader::new(it).split(b'\n')) {
        let bytes = line.map_err(|error| format!("{target}: {error}"))?;
        let line = String::from_utf8_lossy(&bytes).into_owned();
        lock(state).read(&line);
        if let Some((_, path)) = line.split_once("Test unit written to ") {
            input = Some(PathBuf::from(path));
        }
        if !line.starts_with('#') {
            said.push_back(line);
            said.drain(..said.len().saturating_sub(SAID_LINES));
        }
    }
    let status = child.wait().map_err(|error| format!("{target}: {error}"))?;
    let mut report = lock(state);
    report.time = begin.elapsed();
    if status.success() {
        return Ok(());
    }
    let said: Vec<_> = said.into();
    match input {
        Some(input) => report.crash = Some(Crash { input, said }),
        None => return Err(format!("{target} ended with {status}:\n{}", said.join("\n"))),
    }
    Ok(())
}

fn rustc() -> String {
    std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What makes the compiler count edges and comparisons, as `-fsanitize=fuzzer` does for C.
const FLAGS: [&str; 7] = [
    "--cfg",
    "fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];
const CRATE: &str = "tests/fuzz";
/// How much of what a target says last is shown: the panic and where it was.
const SAID_LINES: usize = 60;
const POLL: Duration = Duration::from_millis(300);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_fuzzer_are_read() {
        let mut report = Report::default();
        report.read("#2\tINITED cov: 97 ft: 98 corp: 1/1b exec/s: 0 rss: 30Mb");
        report.read("#1024\tpulse  cov: 321 ft: 900 corp: 20/1b lim: 4 exec/s: 512 rss: 40Mb");
        assert_eq!((report.executions, report.edges), (1024, 321));
        report.read("stat::number_of_executed_units: 1500");
        report.read("thread panicked");
        assert_eq!((report.executions, report.edges), (1500, 321));
    }
}
