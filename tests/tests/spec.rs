//! Runs every suite of `tests/spec`; `UPDATE=1 cargo test -p dacapo-tests --test spec` rewrites their logs.

use dacapo_tests::spec::{decision_suites, run_decisions, run_suite, suites};

#[test]
fn every_suite_writes_the_log_that_it_says() {
    let (suites, mut tests, mut differences) = (suites(), 0, Vec::new());
    for suite in &suites {
        match run_suite(suite) {
            Ok(count) => tests += count,
            Err(difference) => differences.push(difference),
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(tests >= 150, "only {tests} tests in {} suites", suites.len());
}

#[test]
fn every_decision_has_the_value_that_its_suite_says() {
    let (suites, mut tests, mut differences) = (decision_suites(), 0, Vec::new());
    for suite in &suites {
        match run_decisions(suite) {
            Ok(count) => tests += count,
            Err(difference) => differences.push(difference),
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(tests >= 100, "only {tests} tests in {} suites", suites.len());
}
