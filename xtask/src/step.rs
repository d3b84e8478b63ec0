//! One step of a test run.

use std::path::PathBuf;
use std::time::Duration;

use crate::components::Component;
use crate::work::Work;

/// One step of a test run.
pub struct Step {
    /// The name to choose it by.
    pub name: &'static str,
    /// What it shows.
    pub what: &'static str,
    /// What the machine must have.
    pub needs: &'static [Component],
    /// The steps without which it cannot run, if they are chosen too.
    pub after: &'static [&'static str],
    /// Runs it.
    pub run: fn(&mut Work) -> Result<(), Stop>,
}

/// Why a step did not pass.
pub enum Stop {
    /// It ran and something was wrong.
    Failed(String),
    /// It could not run.
    NotRun(String),
}

impl From<String> for Stop {
    fn from(text: String) -> Self {
        Self::Failed(text)
    }
}

/// How a step ended.
pub enum Verdict {
    /// All was right.
    Passed,
    /// Something was wrong.
    Failed(String),
    /// It did not run.
    NotRun(String),
}

/// What there is to say about a step at the end.
pub struct Outcome {
    /// Its name.
    pub name: &'static str,
    /// How it ended.
    pub verdict: Verdict,
    /// How long it took.
    pub time: Duration,
    /// How many tests passed, failed and were left out in it.
    pub tests: [u64; 3],
    /// The file with its output, if it ran.
    pub log: Option<PathBuf>,
}
