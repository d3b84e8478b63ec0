//! Runs every suite of `tests/spec`; `UPDATE=1 cargo test -p dacapo-tests --test spec` rewrites their logs and contents.

use std::sync::OnceLock;

use dacapo_tests::spec::{index, run_suite, suites};

#[test]
fn every_suite_writes_the_log_that_it_says() {
    let (tests, differences) = suites_run();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(*tests >= 150, "only {tests} tests");
}

#[test]
fn the_contents_of_the_manual_are_what_its_suites_show() {
    // The suites may be rewritten: they are read when they are whole.
    suites_run();
    let (path, found) = (index::path(), index::contents());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &found).expect("the contents can be written");
    }
    let written = std::fs::read_to_string(&path).expect("the contents of the manual");
    assert!(written == found, "{}: expected\n{written}\nfound\n{found}", path.display());
}

#[test]
fn every_suite_is_short_and_begins_with_prose_for_its_reader() {
    suites_run();
    for path in suites() {
        let (text, name) = (std::fs::read_to_string(&path).expect("a suite"), path.display());
        assert!(text.lines().count() <= LINES_MAX, "{name}: expected at most {LINES_MAX} lines");
        let (head, _) = text.split_once("\n## ").expect("a section");
        let prose = head.lines().skip(1).find(|line| !line.is_empty()).unwrap_or_default();
        assert!(
            head.starts_with("# ") && prose.len() > 40 && head.trim_end().ends_with('.'),
            "{name}: {head}"
        );
        let cited: Vec<_> = text.lines().filter(|line| is_citation(line)).collect();
        assert!(
            cited.is_empty(),
            "{name}: expected what every reader can look up, found {cited:?}"
        );
    }
}

#[test]
fn a_citation_of_what_is_not_here_is_found() {
    for line in
        ["(scenario 12)", "Scenario 3. The", "Never early (I-TMR-1).", "Promise C16, fault P14."]
    {
        assert!(is_citation(line), "{line}");
    }
    for line in
        ["the scenario is", "I-am", "BPMN 2.0.2 §13.5", "12    C job.fail   #j", "promise it"]
    {
        assert!(!is_citation(line), "{line}");
    }
}

/// Runs all suites once, and rewrites them if they are to be; returns how many tests there are, and what differs.
fn suites_run() -> &'static (usize, Vec<String>) {
    static RUN: OnceLock<(usize, Vec<String>)> = OnceLock::new();
    RUN.get_or_init(|| {
        let (mut tests, mut differences) = (0, Vec::new());
        for suite in &suites() {
            match run_suite(suite) {
                Ok(count) => tests += count,
                Err(difference) => differences.push(difference),
            }
        }
        (tests, differences)
    })
}

/// Tells whether a line names a number in a list that is no part of this project.
fn is_citation(line: &str) -> bool {
    let words: Vec<_> = line.split(|it: char| !it.is_alphanumeric() && it != '-').collect();
    let is_numbered = |word: &str| word.ends_with(|it: char| it.is_ascii_digit());
    let is_list = |word: &str| {
        ["scenario", "promise", "fault"].iter().any(|it| word.eq_ignore_ascii_case(it))
    };
    words.windows(2).any(|pair| is_list(pair[0]) && is_numbered(pair[1]))
        || words.iter().any(|it| it.starts_with("I-") && is_numbered(it))
}

const LINES_MAX: usize = 400;
