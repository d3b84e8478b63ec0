//! The repository keeps its rules.

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
    let repository = Repository::open().expect("git lists the files");
    let now = repository.text(RATCHET).expect("the ratchet is there");
    // The version before this one: the last commit's, or the one before if nothing changed since.
    let log = git(&["log", "-2", "--format=%H", "--", RATCHET]).expect("git knows the ratchet");
    let versions = log.lines().map(|it| git(&["show", &format!("{it}:{RATCHET}")]));
    let versions = versions.filter_map(Result::ok);
    let before = versions.into_iter().find(|it| it != now).unwrap_or_default();
    assert_eq!(shrinks(&Ratchet::read(&before), &Ratchet::read(now)), [""; 0]);
}

#[test]
fn every_licence_is_allowed() {
    let repository = Repository::open().expect("git lists the files");
    let rules = repository.text("deny.toml").expect("deny.toml is there");
    assert_eq!(licences(rules).expect("cargo lists the packages"), [""; 0]);
}

const RATCHET: &str = "tests/tidy/ratchet.txt";
