//! Runs every suite of `tests/spec`; `UPDATE=1 cargo test -p dacapo-tests --test spec` rewrites their logs.

use std::path::{Path, PathBuf};

use dacapo_tests::spec::run_suite;

#[test]
fn every_suite_writes_the_log_that_it_says() {
    let mut suites = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("spec"), &mut suites);
    suites.sort();
    let (mut tests, mut differences) = (0, Vec::new());
    for suite in &suites {
        match run_suite(suite) {
            Ok(count) => tests += count,
            Err(difference) => differences.push(difference),
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(tests >= 60, "only {tests} tests in {} suites", suites.len());
}

fn collect(folder: &Path, suites: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, suites);
        } else if path.extension().is_some_and(|it| it == "md") {
            suites.push(path);
        }
    }
}
