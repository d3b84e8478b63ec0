//! The repository keeps its rules.

use dacapo_tests::tck::known::Known;
use dacapo_tests::tidy::{RULES, Ratchet, Repository, git, licences, shrinks};

#[test]
fn every_rule_holds() {
    let repository = Repository::open().expect("git lists the files");
    assert!(repository.has("tests/tests/tidy.rs"), "git lists no file of this project");
    let mut report = String::new();
    for (name, rule) in RULES {
        for problem in rule(&repository) {
            report += &format!("{name}: {problem}\n");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn the_ratchet_only_shrinks() {
    let (before, now) = versions(RATCHET);
    assert_eq!(shrinks(&Ratchet::read(&before), &Ratchet::read(&now)), [""; 0]);
}

#[test]
fn the_known_failures_of_the_tck_only_shrink() {
    let (before, now) = versions("tests/tidy/tck_known_failures.txt");
    // a first list may be filled
    if !before.is_empty() {
        assert_eq!(Known::read(&now).beyond(&Known::read(&before)), [""; 0]);
    }
}

#[test]
fn every_licence_is_allowed() {
    let repository = Repository::open().expect("git lists the files");
    let rules = repository.text("deny.toml").expect("deny.toml is there");
    assert_eq!(licences(rules).expect("cargo lists the packages"), [""; 0]);
}

/// Returns a file before its last change, and as it is: before is the last commit's version, or the one before that if
/// nothing changed since.
fn versions(path: &str) -> (String, String) {
    let repository = Repository::open().expect("git lists the files");
    let now = repository.text(path).expect("the file is there").to_string();
    let log = git(&["log", "-2", "--format=%H", "--", path]).expect("git knows the file");
    let versions = log.lines().map(|it| git(&["show", &format!("{it}:{path}")]));
    let versions = versions.filter_map(Result::ok);
    (versions.into_iter().find(|it| *it != now).unwrap_or_default(), now)
}

const RATCHET: &str = "tests/tidy/ratchet.txt";
