//! What deciding a log again came to.

use std::fmt;

use dacapo_engine::record::Position;

/// One of three words; never mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Every step was decided again and came out byte by byte.
    ReDerived,
    /// The hash chain holds, but not every step could be decided again.
    ChainedOnly,
    /// The log is damaged, or was decided otherwise than it says.
    NotVerifiable,
}

/// The first place where what was decided again is not what was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("position {}, {record}, {field}: expected {expected}, found {found}", position.0)]
pub struct Difference {
    /// The record.
    pub position: Position,
    /// Its kind and intent.
    pub record: String,
    /// The first field that differs.
    pub field: String,
    /// What is decided now.
    pub expected: String,
    /// What the log says.
    pub found: String,
}

/// What was verified, and how far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The last position that was looked at.
    pub position: Position,
    /// Frames that were looked at.
    pub frames: u64,
    /// Records in them.
    pub records: u64,
    /// Steps and control records that were decided again and came out the same.
    pub re_derived: u64,
    /// Refusals that the host imposed; they are never decided again.
    pub imposed: u64,
    /// Steps that other semantics decided.
    pub other_semantics: u64,
    /// Frames whose bytes are elsewhere, and those after the first of them.
    pub chained: u64,
    /// The first difference.
    pub difference: Option<Difference>,
    /// What stopped the reader.
    pub damage: Option<String>,
}

impl Verdict {
    /// Returns the word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReDerived => "re-derived",
            Self::ChainedOnly => "chained only",
            Self::NotVerifiable => "not verifiable",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Report {
    /// Returns the verdict over all that was looked at.
    pub fn verdict(&self) -> Verdict {
        if self.difference.is_some() || self.damage.is_some() {
            Verdict::NotVerifiable
        } else if self.other_semantics > 0 || self.chained > 0 {
            Verdict::ChainedOnly
        } else {
            Verdict::ReDerived
        }
    }
}
