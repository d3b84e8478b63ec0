//! SQLite: one file, one process. WAL with full synchronisation, checkpoints from a connection of their own.

mod append;
mod checkpoint;
mod file;
mod inbox;
mod log;
mod project;
mod rows;
mod snapshot;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dacapo_engine::record::Durability;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::Mutex;

use super::{Names, StoreError, StoreOptions, StoreResult};

pub(super) use append::AppendSession;
pub(super) use project::ProjectSession;

use checkpoint::Checkpoints;
use file::FileLock;

/// Whose turn it is to write: a file has one writer at a time, and SQLite's own waiting sleeps instead of queueing.
type Turns = Arc<Mutex<()>>;

/// The store.
#[derive(Debug)]
pub(super) struct Sqlite {
    options: SqliteConnectOptions,
    control: SqlitePool,
    readers: SqlitePool,
    checkpoints: Arc<Checkpoints>,
    turns: Turns,
    durability: Durability,
    names: Names,
    _lock: FileLock,
}

impl Sqlite {
    pub(super) async fn open(path: &Path, options: StoreOptions) -> StoreResult<Self> {
        file::refuse_network_disk(path)?;
        let lock = FileLock::take(path)?;
        let is_unclean = file::is_unclean(path);
        let writer = writer(path, options.durability);
        let mut connection = SqliteConnection::connect_with(&writer).await?;
        if is_unclean {
            check(&mut connection, path).await?;
        }
        migrator().run_direct(None, &mut connection, false).await?;
        fill_names(&mut connection, &options.names).await?;
        let checkpoints = Arc::new(Checkpoints::default());
        checkpoints.start(connection);
        let reader = writer.clone().read_only(true);
        Ok(Self {
            control: pool(writer.clone(), 1),
            readers: pool(reader, options.readers_max),
            options: writer,
            checkpoints,
            turns: Turns::default(),
            durability: options.durability,
            names: options.names,
            _lock: lock,
        })
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.control.close().await;
        self.checkpoints.stop().await;
    }

    pub(super) const fn durability(&self) -> Durability {
        self.durability
    }

    pub(super) async fn append_session(&self) -> StoreResult<AppendSession> {
        let connection = SqliteConnection::connect_with(&self.options).await?;
        Ok(AppendSession::new(connection, Arc::clone(&self.checkpoints), Arc::clone(&self.turns)))
    }

    pub(super) async fn project_session(&self) -> StoreResult<ProjectSession> {
        // what the read model loses with the power it folds again; nothing later survives without it
        let options = self.options.clone().synchronous(SqliteSynchronous::Normal);
        let connection = SqliteConnection::connect_with(&options).await?;
        Ok(ProjectSession::new(connection, Arc::clone(&self.checkpoints), Arc::clone(&self.turns)))
    }
}

fn writer(path: &Path, durability: Durability) -> SqliteConnectOptions {
    let synchronous = match durability {
        Durability::Relaxed | Durability::Memory => SqliteSynchronous::Normal,
        Durability::Local => SqliteSynchronous::Full,
    };
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .busy_timeout(BUSY_MAX)
        .foreign_keys(false)
        // only macOS knows the difference between a flush and a full one
        .pragma("fullfsync", "1")
        // an automatic checkpoint would run inside a commit and stretch it
        .pragma("wal_autocheckpoint", "0")
        .pragma("cache_size", "-16384")
        .disable_statement_logging()
}

fn pool(options: SqliteConnectOptions, connections_max: u32) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(connections_max.max(1))
        .acquire_timeout(Duration::from_secs(10))
        .connect_lazy_with(options)
}

async fn check(connection: &mut SqliteConnection, path: &Path) -> StoreResult<()> {
    let found: Vec<String> =
        sqlx::query_scalar("PRAGMA quick_check(10)").fetch_all(connection).await?;
    if found == ["ok"] {
        return Ok(());
    }
    Err(StoreError::Damaged { path: path.to_owned(), found: found.join("; ") })
}

async fn fill_names(connection: &mut SqliteConnection, names: &Names) -> StoreResult<()> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for (kind, number, name) in names.intents() {
        sqlx::query("INSERT OR REPLACE INTO intent (kind, number, name) VALUES (?1, ?2, ?3)")
            .bind(kind)
            .bind(i64::from(number))
            .bind(name)
            .execute(&mut *transaction)
            .await?;
    }
    for (scope, field) in names.fields() {
        sqlx::query(
            "INSERT OR REPLACE INTO field (scope, short, long, is_data) VALUES (?1, ?2, ?3, ?4)",
        )
        .bind(scope)
        .bind(field.short)
        .bind(field.long)
        .bind(field.is_data)
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    Ok(())
}

fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!("migrations/sqlite");
    migrator.dangerous_set_table_name("migration");
    migrator
}

const BUSY_MAX: Duration = Duration::from_secs(5);
