//! The page of the debugger in a browser: how soon a long log is seen, stepped, dragged and searched.

use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use super::core::one_task_log;
use super::report::Report;
use super::wasm::write;

/// Measures the page in Chromium, with a log of a hundred thousand records and one of a million.
///
/// # Panics
/// The page is there and does not work.
pub fn run(report: &mut Report) {
    if !report.begin(&["page"]) {
        return;
    }
    let studio = Path::new(env!("CARGO_MANIFEST_DIR")).join("../js/packages/studio");
    if !studio.join("dist/index.html").exists() {
        report.not_run(
            "page: first frame, 100,000 records",
            "ms",
            "cargo xtask test --only studio",
        );
        return;
    }
    let share = if report.is_quick() { 10 } else { 1 };
    let logs = [100_000, 1_000_000].map(|it| write(&one_task_log(it / share / RECORDS_EACH)));
    let measured = measure(&studio, logs[0].path(), logs[1].path());
    let settings = |it: &Session| format!("{} records, Chromium {}", it.records, measured.chromium);
    let (small, large) = (settings(&measured.small), settings(&measured.large));
    report.add("page: size without Wasm and diagram", "bytes", "gzip", vec![measured.page_bytes]);
    let ten = "deploy and run, loaded, Node";
    report.add("page: a process of ten elements, tested", "ms", ten, measured.ten_elements_ms);
    for (name, it, settings) in
        [("100,000", measured.small, small), ("1,000,000", measured.large, large)]
    {
        assert!(it.saw_bar, "the page shows how far it is");
        assert_eq!(it.verdict, "re-derived");
        let mut add = |figure: &str, unit, rounds| {
            report.add(&format!("page: {figure}, {name} records"), unit, settings.clone(), rounds);
        };
        add("first frame", "ms", vec![it.first_frame]);
        add("state at the end", "ms", vec![it.played]);
        add("random seek", "ms", it.seeks);
        add("step", "ms", it.steps);
        add("part of the state's tree", "ms", it.branches);
        if let Some(drag) = it.drag {
            add("dragging", "frames/s", vec![drag.per_second]);
            add("dragging, frames longer than 34 ms", "frames", vec![drag.long]);
        }
        if let Some(search) = it.search {
            assert!(search.hits > 0, "the word occurs");
            add("search, first hits", "ms", vec![search.first]);
            add("search, all hits", "ms", vec![search.all]);
        }
    }
}

/// What the script prints.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Measured {
    chromium: String,
    page_bytes: f64,
    ten_elements_ms: Vec<f64>,
    small: Session,
    large: Session,
}

/// One log that was opened.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    records: u64,
    first_frame: f64,
    saw_bar: bool,
    played: f64,
    verdict: String,
    seeks: Vec<f64>,
    steps: Vec<f64>,
    branches: Vec<f64>,
    drag: Option<Drag>,
    search: Option<Search>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Drag {
    per_second: f64,
    long: f64,
}

#[derive(Deserialize)]
struct Search {
    first: f64,
    all: f64,
    hits: u64,
}

fn measure(studio: &Path, small: &Path, large: &Path) -> Measured {
    let script = studio.join("bench/page.mjs");
    let output = Command::new("node").arg(script).args([small, large]).arg(WORD).output();
    let output = output.expect("node is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).expect("figures")
}

/// How many records an instance with one task leaves, about.
const RECORDS_EACH: u64 = 18;
/// Words that some records say: a variable of the command that creates an instance.
const WORD: &str = "order: 471";
