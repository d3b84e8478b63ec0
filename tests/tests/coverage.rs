//! What the suites of the manual show, compared with everything that there is to show.
//!
//! `tests/tidy/uncovered.txt` lists what no suite shows: the list may only shrink.

use std::collections::BTreeSet;
use std::path::Path;

use dacapo_tests::spec::coverage::{Coverage, expected};
use dacapo_tests::spec::{markdown, run_section, suites};

#[test]
fn the_suites_show_everything_but_what_is_listed() {
    let mut coverage = Coverage::default();
    for suite in suites() {
        let text = std::fs::read_to_string(&suite).expect("a suite");
        for section in markdown::sections(&text) {
            coverage.add(&run_section(&section).drive.frames);
        }
    }
    assert_eq!(coverage.impossible(), Vec::<&String>::new());
    let (missing, expected) = (coverage.missing(), expected());
    let shown = expected.len() - missing.len();
    println!("{shown} of {} are shown", expected.len());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tidy/uncovered.txt");
    let list = std::fs::read_to_string(path).expect("the list");
    let lines = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let listed: BTreeSet<String> = lines.map(str::to_owned).collect();
    let (new, stale) = (missing.difference(&listed), listed.difference(&missing));
    let new: Vec<_> = new.map(|it| format!("show this in a suite: {it}")).collect();
    let stale: Vec<_> = stale.map(|it| format!("take this off the list: {it}")).collect();
    assert!(new.is_empty() && stale.is_empty(), "{}\n{}", new.join("\n"), stale.join("\n"));
}
