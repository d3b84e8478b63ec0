//! What no compiler checks: layers, budgets, words, dead paths, and what may not stand in a file.
//!
//! Every rule is a function from the files of the repository to the problems it finds, so that a
//! test can plant one. Reading order: [`Repository`] → the rules, one module each.

mod bans;
mod budgets;
mod elements;
mod generated;
mod layers;
mod licences;
mod manifests;
mod markdown;
mod ratchet;
mod repository;
mod rust_source;
mod words;

use std::fmt;

pub use licences::licences;
pub use ratchet::{Ratchet, shrinks};
pub use repository::{Repository, git, root};

/// Something that a rule forbids.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, from the root of the repository.
    pub path: String,
    /// The line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// What was expected and what was found.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.text)
    }
}

/// A rule: from the files of the repository to the problems it finds.
pub type Rule = fn(&Repository) -> Vec<Problem>;

/// The rules, by name.
pub const RULES: [(&str, Rule); 13] = [
    ("layers", layers::layers),
    ("kernel names no process", layers::kernel_words),
    ("line budgets", budgets::budgets),
    ("banned words", words::banned_words),
    ("elements stand alone", elements::elements_stand_alone),
    ("elements have specs", elements::elements_have_specs),
    ("events only evolve", elements::events_only_evolve),
    ("specs, not unit tests", elements::specs_not_unit_tests),
    ("paths in Markdown", markdown::dead_paths),
    ("left-overs", bans::left_overs),
    ("machine paths", bans::machine_paths),
    ("generated files", generated::generated_files),
    ("manifests of the core", manifests::core_manifests),
];

fn problem(path: &str, line: usize, text: impl Into<String>) -> Problem {
    Problem { path: path.to_owned(), line, text: text.into() }
}
