//! Runs every suite of `tests/spec`; `UPDATE=1 cargo test -p dacapo-tests --test spec` rewrites their logs.

use dacapo_tests::spec::{run_suite, suites};

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
