//! Where the logs of a bench run are: an empty database for every round.

use std::path::Path;

use sqlx::Connection as _;
use tempfile::TempDir;

use crate::postgres::Cluster;

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file of SQLite, with full synchronisation.
    Sqlite,
    /// A throw-away cluster of PostgreSQL on this machine, over a Unix socket.
    Postgres,
}

/// Where databases are made.
#[derive(Debug)]
pub struct Places {
    cluster: Option<Cluster>,
}

/// A database of one's own.
#[derive(Debug)]
pub struct Place {
    /// Its URL.
    pub url: String,
    folder: TempDir,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// Returns the name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// Says how it is set up.
    pub const fn settings(self) -> &'static str {
        match self {
            Self::Sqlite => "one file, synchronous=FULL, projection on",
            Self::Postgres => "fsync and synchronous_commit on, Unix socket, projection on",
        }
    }
}

impl Places {
    /// Makes a place for databases; the cluster starts when the first one is wanted.
    pub const fn new() -> Self {
        Self { cluster: None }
    }

    /// Makes an empty database.
    ///
    /// # Panics
    /// There is no PostgreSQL, or no disk space.
    pub fn make(&mut self, kind: Kind) -> Place {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = match kind {
            Kind::Sqlite => format!("sqlite://{}", folder.path().join("log.db").display()),
            Kind::Postgres => {
                let cluster = self.cluster.get_or_insert_with(cluster);
                let name = cluster.database();
                cluster.url("dacapo", &name)
            }
        };
        Place { url, folder }
    }
}

impl Default for Places {
    fn default() -> Self {
        Self::new()
    }
}

impl Place {
    /// Returns a folder for whatever runs there.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Forgets the snapshots, so that the next start reads the whole log.
    ///
    /// # Panics
    /// Somebody uses the database.
    pub async fn forget_snapshots(&self) {
        let done = if self.url.starts_with("sqlite") {
            let mut connection =
                sqlx::SqliteConnection::connect(&self.url).await.expect("the file opens");
            let done = sqlx::raw_sql("DELETE FROM snapshot_chunk; DELETE FROM snapshot")
                .execute(&mut connection)
                .await
                .map(drop);
            connection.close().await.expect("the file closes");
            done
        } else {
            let mut connection =
                sqlx::PgConnection::connect(&self.url).await.expect("the cluster answers");
            sqlx::raw_sql("DELETE FROM dacapo.snapshot_chunk; DELETE FROM dacapo.snapshot")
                .execute(&mut connection)
                .await
                .map(drop)
        };
        done.expect("the snapshots go");
    }
}

fn cluster() -> Cluster {
    let settings = [("shared_buffers", "256MB"), ("max_wal_size", "4GB")];
    Cluster::start(&settings).expect("expected a local PostgreSQL 14 or later")
}
