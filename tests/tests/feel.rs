//! Runs every suite of `tests/spec/feel`; `UPDATE=1 cargo test -p dacapo-tests --test feel` rewrites what they say.

use dacapo_tests::spec::feel::{run_suite, suites};

#[test]
fn every_expression_has_the_value_that_its_suite_says() {
    let (mut cases, mut differences) = (0, Vec::new());
    for suite in suites() {
        match run_suite(&suite) {
            Ok(count) => cases += count,
            Err(difference) => differences.push(difference),
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(cases >= 300, "only {cases} cases");
}
