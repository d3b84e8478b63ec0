//! What a host chooses for a partition. None of it changes what is decided, only when.

use std::sync::Arc;

use dacapo_engine::record::{Durability, Limits};

use crate::wire::Head;

/// How a partition queues and batches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The commands that may wait; more are refused.
    pub queue_commands: u32,
    /// How many more may wait if they end work (complete, fail, cancel).
    pub queue_headroom: u32,
    /// The bytes of bodies that may wait.
    pub queue_bytes: u64,
    /// The bytes of frames after which a batch is full.
    pub batch_bytes: u64,
    /// The frames after which a batch is full.
    pub batch_frames: u32,
    /// The internal commands that are stepped after each command of a client.
    pub internal_per_command: u32,
    /// The internal commands that are stepped in a row while no client waits, before the host is asked for input.
    pub internal_idle: u32,
    /// The records after which a snapshot is due; 0 for never.
    pub snapshot_records: u64,
    /// The commands after an unclean stop that go through the inbox and are committed alone.
    pub cautious_commands: u32,
    /// Whether every frame is decoded again before it is appended. Always so in debug builds.
    pub is_asserting: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            queue_commands: 4_096,
            queue_headroom: 1_024,
            queue_bytes: 64 << 20,
            batch_bytes: 1 << 20,
            batch_frames: 1_024,
            internal_per_command: 4,
            internal_idle: 256,
            snapshot_records: 100_000,
            cautious_commands: 16,
            is_asserting: false,
        }
    }
}

/// The terms on which a writer takes a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// The head as the take-over left it, with this writer's epoch.
    pub head: Head,
    /// How an empty log begins; used only if the head stands at position 0.
    pub bootstrap: Bootstrap,
    /// The version of the program.
    pub engine_version: Arc<str>,
    /// What an acknowledgement means.
    pub durability: Durability,
    /// Whether the writer before stopped cleanly.
    pub was_clean: bool,
    /// The host's clock, in milliseconds since 1970-01-01T00:00:00Z.
    pub now_ms: i64,
    /// The store's clock, if it has one of its own.
    pub store_now_ms: Option<i64>,
    /// How to queue and batch.
    pub settings: Settings,
}

/// What the genesis of an empty log says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bootstrap {
    /// 128 random bits: the source of all randomness of the log.
    pub seed: (u64, u64),
    /// The version of the time zone rules.
    pub tzdb: Arc<str>,
    /// The limits.
    pub limits: Limits,
    /// The tenant of commands that name none.
    pub default_tenant: Arc<str>,
}
