//! The records of the log's own life.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Intent, Limits, PartitionId};

/// The version of frames and of the log file.
pub const FORMAT_VERSION: u16 = 1;
/// The semantics of this engine: changes when any decision or encoding changes.
pub const SEMANTICS: u32 = 1;

/// What an acknowledged command has survived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Durability {
    /// Flushed to the disk of the store.
    Local,
    /// In memory only: tests and browsers.
    Memory,
    /// Perhaps not flushed: development only.
    Relaxed,
}

/// The first record of every log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Genesis {
    /// The version of frames.
    #[serde(rename = "f")]
    pub format: u16,
    /// The partition.
    #[serde(rename = "p")]
    pub partition: PartitionId,
    /// The source of all randomness, from the host: 128 bits.
    #[serde(rename = "sd")]
    pub seed: (u64, u64),
    /// Counts the lives of the log: grows when a tail was lost.
    #[serde(rename = "in")]
    pub incarnation: u32,
    /// The version of the time zone rules; `none` while only fixed offsets are known.
    #[serde(rename = "tz")]
    pub tzdb: Arc<str>,
    /// The semantics from here on.
    #[serde(rename = "s")]
    pub semantics: u32,
    /// The limits from here on.
    #[serde(rename = "l")]
    pub limits: Limits,
    /// The tenant of commands that name none.
    #[serde(rename = "dt")]
    pub default_tenant: Arc<str>,
}

/// A record that the host writes about the log itself; evolved by the kernel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Control {
    /// The log begins.
    #[serde(rename = "log.genesis")]
    Genesis(Genesis),
    /// A writer took the partition.
    #[serde(rename = "log.leader_started")]
    LeaderStarted {
        /// Grows with every take-over; fences the writers before.
        #[serde(rename = "ep")]
        epoch: u64,
        /// The life of the log.
        #[serde(rename = "in")]
        incarnation: u32,
        /// The version of the program.
        #[serde(rename = "ev")]
        engine_version: Arc<str>,
        /// What an acknowledgement of this writer means.
        #[serde(rename = "du")]
        durability: Durability,
    },
    /// Other semantics decide from here on.
    #[serde(rename = "log.version_barrier")]
    VersionBarrier {
        /// The semantics from here on.
        #[serde(rename = "s")]
        semantics: u32,
    },
    /// Other limits hold from here on.
    #[serde(rename = "log.limits_changed")]
    LimitsChanged {
        /// All limits, changed or not.
        #[serde(rename = "l")]
        limits: Limits,
    },
    /// Other time zone rules hold from here on.
    #[serde(rename = "log.tzdb_changed")]
    TzdbChanged {
        /// The version of the rules.
        #[serde(rename = "tz")]
        tzdb: Arc<str>,
    },
    /// The partition's clock runs by another offset from here on.
    #[serde(rename = "log.clock_offset_changed")]
    ClockOffsetChanged {
        /// What is added to the host's clock, in milliseconds.
        #[serde(rename = "o")]
        offset_ms: i64,
    },
    /// Everything before was removed by retention.
    #[serde(rename = "log.floor")]
    Floor {
        /// The chain hash before this record's predecessor was removed.
        #[serde(rename = "h", with = "super::hash")]
        hash: [u8; 32],
    },
    /// The store lost records that were acknowledged.
    #[serde(rename = "log.tail_lost")]
    TailLost {
        /// The last position that was acknowledged.
        #[serde(rename = "la")]
        last_acknowledged: u64,
        /// The life of the log that begins here.
        #[serde(rename = "in")]
        incarnation: u32,
    },
}

impl Control {
    /// The intents of all control records, by number.
    pub const INTENTS: [Intent; 8] = [
        Intent { number: 1, name: "log.genesis" },
        Intent { number: 2, name: "log.leader_started" },
        Intent { number: 3, name: "log.version_barrier" },
        Intent { number: 4, name: "log.limits_changed" },
        Intent { number: 5, name: "log.tzdb_changed" },
        Intent { number: 6, name: "log.clock_offset_changed" },
        Intent { number: 7, name: "log.floor" },
        Intent { number: 8, name: "log.tail_lost" },
    ];

    /// Returns the intent of the record.
    pub const fn intent(&self) -> Intent {
        let [genesis, leader, barrier, limits, tzdb, clock, floor, tail] = Self::INTENTS;
        match self {
            Self::Genesis(_) => genesis,
            Self::LeaderStarted { .. } => leader,
            Self::VersionBarrier { .. } => barrier,
            Self::LimitsChanged { .. } => limits,
            Self::TzdbChanged { .. } => tzdb,
            Self::ClockOffsetChanged { .. } => clock,
            Self::Floor { .. } => floor,
            Self::TailLost { .. } => tail,
        }
    }
}
