//! Runs every suite of `tests/spec`; `UPDATE=1 cargo test -p dacapo-tests --test spec` rewrites their logs and contents.

use dacapo_tests::spec::{index, run_suite, suites};

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
fn the_contents_of_the_manual_are_what_its_suites_show() {
    let (path, found) = (index::path(), index::contents());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &found).expect("the contents can be written");
    }
    let written = std::fs::read_to_string(&path).expect("the contents of the manual");
    assert!(written == found, "{}: expected\n{written}\nfound\n{found}", path.display());
}
