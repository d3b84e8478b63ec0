//! What can go wrong between the engine and its database.

use std::path::PathBuf;

/// A fault of the store, or of what was asked of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The address names no store.
    #[error(
        "expected a store such as postgres://user@host/database, sqlite:path/to/file or memory:, found {url:?}"
    )]
    Url {
        /// The address, without its password.
        url: String,
    },
    /// The database is not set up as the engine needs it.
    #[error("expected a database that keeps what it acknowledges; found:{}", listed(.violations))]
    Contract {
        /// What to change.
        violations: Vec<Violation>,
    },
    /// The tables could not be brought up to date.
    #[error("expected to bring the tables up to date, found: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The file belongs to another process.
    #[error("expected to be the only process on {path}, found that another one holds {path}.lock")]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file is on a disk that is shared over a network.
    #[error(
        "expected {path} on a local disk, found the network file system {kind}: locks and flushes are not safe there"
    )]
    NetworkDisk {
        /// The file.
        path: PathBuf,
        /// The file system.
        kind: String,
    },
    /// The file did not pass SQLite's own check.
    #[error("expected {path} to pass the check after an unclean stop, found: {found}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        found: String,
    },
    /// The partition belongs to another node for now.
    #[error(
        "expected partition {partition} to be free, found it held by {holder:?} for {remaining_ms} ms more"
    )]
    Held {
        /// The partition.
        partition: u16,
        /// Who holds it.
        holder: String,
        /// For how long, unless renewed.
        remaining_ms: i64,
    },
    /// The partition has no head row.
    #[error(
        "expected partition {partition} in the table of heads, found nothing: it was never started"
    )]
    NoHead {
        /// The partition.
        partition: u16,
    },
    /// The log has a hole.
    #[error("expected a frame at position {expected} of partition {partition}, found {found}")]
    Gap {
        /// The partition.
        partition: u16,
        /// Where a frame should begin.
        expected: u64,
        /// Where the next one begins; 0 for none.
        found: u64,
    },
    /// A stored value is not one that the engine writes.
    #[error("expected {expected}, found {found} at position {position} of partition {partition}")]
    Corrupt {
        /// The partition.
        partition: u16,
        /// The position.
        position: u64,
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// The projection is not where its writer left it.
    #[error(
        "expected the projection of partition {partition} at position {expected}, found it at {found}: it has another writer"
    )]
    ProjectionMoved {
        /// The partition.
        partition: u16,
        /// Where it should be.
        expected: u64,
        /// Where it is.
        found: u64,
    },
    /// A snapshot would be newer than the read model.
    #[error(
        "expected a snapshot at or before position {projected}, where the read model is, found {position}"
    )]
    SnapshotTooNew {
        /// The snapshot.
        position: u64,
        /// The read model.
        projected: u64,
    },
    /// A search that is not one.
    #[error("expected {expected}, found {found}")]
    Query {
        /// What is allowed.
        expected: &'static str,
        /// What was asked.
        found: String,
    },
    /// Another command waits under the same request id.
    #[error("expected the command that waits under request id {request_id:?}, found another one")]
    InboxConflict {
        /// The id.
        request_id: String,
    },
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// A file could not be used.
    #[error("expected to use {path}, found: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The database did not answer in time, and its connection was closed.
    #[error(
        "expected an answer of the database within {after_ms} ms, found none: its connection was closed"
    )]
    Silent {
        /// How long it took.
        after_ms: u64,
    },
    /// The task that spoke with the database ended early.
    #[error("expected an answer of the database, found that its task was stopped")]
    Stopped,
}

/// One way in which the database is not set up as the engine needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What was expected and what was found.
    pub problem: String,
    /// What to do, usually the SQL to run.
    pub cure: String,
}

impl StoreError {
    /// Returns whether the same request may succeed later without a change.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Database(error) => crate::store::sqlstate::is_temporary(error),
            Self::Held { .. } | Self::Silent { .. } | Self::Stopped => true,
            _ => false,
        }
    }
}

fn listed(violations: &[Violation]) -> String {
    violations.iter().map(|it| format!("\n- {}; {}", it.problem, it.cure)).collect()
}
