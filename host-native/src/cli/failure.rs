//! How a command ends: exit codes, and what is said about a failure.

use std::fmt;
use std::process::ExitCode;

use dacapo::config::ConfigError;

/// The exit codes; listed in `dacapo --help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done; nothing is wrong.
    Ok = 0,
    /// Refused, or problems were found.
    Refused = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// The instance waits for something outside.
    Waiting = 3,
    /// The instance has an incident, or the log is not what it should be.
    Incident = 4,
    /// No server answers.
    Unreachable = 5,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command could not do what it was asked.
#[derive(Debug)]
pub struct Failure {
    /// How the program ends.
    pub exit: Exit,
    /// What was expected and what was found.
    pub text: String,
    /// What to do about it, one a line.
    pub hints: Vec<String>,
}

impl Failure {
    /// Makes a failure without advice.
    pub fn new(exit: Exit, text: impl Into<String>) -> Self {
        Self { exit, text: text.into(), hints: Vec::new() }
    }

    /// Makes the failure of a wrong command line.
    pub fn usage(text: impl Into<String>) -> Self {
        Self::new(Exit::Usage, text)
    }

    /// Makes the failure of a refusal.
    pub fn refused(text: impl Into<String>) -> Self {
        Self::new(Exit::Refused, text)
    }

    /// Adds what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What a command returns.
pub type Outcome = Result<Exit, Failure>;

impl From<std::io::Error> for Failure {
    /// Somebody who closes our output early, as `head` does, has seen enough: no failure.
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::new(Exit::Ok, String::new());
        }
        Self::refused(error.to_string())
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::usage(error.to_string())
    }
}
