//! SQLite: one process, a file with the log and one beside it with the read model, so that a commit of the log never waits
//! for a table. WAL, with full synchronisation for the log; checkpoints from connections of their own.

mod append;
mod bulk;
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
    log: Database,
    /// What is folded from the log, and can be folded again.
    rows: Database,
    durability: Durability,
    names: Names,
    _lock: FileLock,
}

/// A file with its connections.
#[derive(Debug)]
struct Database {
    options: SqliteConnectOptions,
    control: SqlitePool,
    readers: SqlitePool,
    checkpoints: Arc<Checkpoints>,
    turns: Turns,
}

impl Sqlite {
    pub(super) async fn open(path: &Path, options: StoreOptions) -> StoreResult<Self> {
        file::refuse_network_disk(path)?;
        let lock = FileLock::take(path)?;
        let log = connect(path, writer(path, options.durability), &log_migrator()).await?;
        let mut connection = log.connection;
        fill_names(&mut connection, &options.names).await?;
        let rows = rows_of(path, &mut connection).await?;
        Ok(Self {
            log: Database::start(log.options, connection, options.readers_max),
            rows: Database::start(rows.options, rows.connection, options.readers_max),
            durability: options.durability,
            names: options.names,
            _lock: lock,
        })
    }

    pub(super) async fn close(&self) {
        self.rows.close().await;
        self.log.close().await;
    }

    pub(super) const fn durability(&self) -> Durability {
        self.durability
    }

    pub(super) async fn append_session(&self) -> StoreResult<AppendSession> {
        let Database { options, checkpoints, turns, .. } = &self.log;
        let connection = SqliteConnection::connect_with(options).await?;
        let rows = self.rows.options.get_filename().to_string_lossy().into();
        Ok(AppendSession::new(connection, Arc::clone(checkpoints), Arc::clone(turns), rows))
    }

    pub(super) async fn project_session(&self) -> StoreResult<ProjectSession> {
        let Database { options, checkpoints, turns, .. } = &self.rows;
        let connection = SqliteConnection::connect_with(options).await?;
        Ok(ProjectSession::new(connection, Arc::clone(checkpoints), Arc::clone(turns)))
    }
}

impl Database {
    fn start(
        options: SqliteConnectOptions,
        connection: SqliteConnection,
        readers_max: u32,
    ) -> Self {
        let (checkpoints, turns) = (Arc::new(Checkpoints::default()), Turns::default());
        checkpoints.start(connection, Arc::clone(&turns));
        let reader = options.clone().read_only(true);
        let (control, readers) = (pool(options.clone(), 1), pool(reader, readers_max));
        Self { options, control, readers, checkpoints, turns }
    }

    async fn close(&self) {
        self.readers.close().await;
        self.control.close().await;
        self.checkpoints.stop().await;
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

/// A file that is there and has its tables.
struct Opened {
    options: SqliteConnectOptions,
    connection: SqliteConnection,
}

async fn connect(
    path: &Path,
    options: SqliteConnectOptions,
    migrator: &Migrator,
) -> StoreResult<Opened> {
    let is_unclean = file::is_unclean(path);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    if is_unclean {
        check(&mut connection, path).await?;
    }
    migrator.run_direct(None, &mut connection, false).await?;
    Ok(Opened { options, connection })
}

/// Opens the file with the read model; one that was folded from another log is made anew.
async fn rows_of(path: &Path, log: &mut SqliteConnection) -> StoreResult<Opened> {
    let path = path.with_extension("rows.db");
    // what the read model loses with the power it folds again; nothing later survives without it
    let options = || writer(&path, Durability::Relaxed);
    let mut rows = connect(&path, options(), &rows_migrator()).await?;
    let id: Vec<u8> = sqlx::query_scalar("SELECT id FROM identity").fetch_one(log).await?;
    let of: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT id FROM origin").fetch_optional(&mut rows.connection).await?;
    if of.as_ref().is_some_and(|of| *of != id) {
        tracing::warn!("the read model belongs to another log, it is folded again");
        rows.connection.close().await?;
        file::remove(&path)?;
        rows = connect(&path, options(), &rows_migrator()).await?;
    }
    sqlx::query("INSERT INTO origin (id) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM origin)")
        .bind(id)
        .execute(&mut rows.connection)
        .await?;
    Ok(rows)
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

fn log_migrator() -> Migrator {
    let mut migrator = sqlx::migrate!("migrations/sqlite");
    migrator.dangerous_set_table_name("migration");
    // the first files had the read model, too
    migrator.set_ignore_missing(true);
    migrator
}

fn rows_migrator() -> Migrator {
    let mut migrator = sqlx::migrate!("migrations/sqlite_rows");
    migrator.dangerous_set_table_name("migration");
    migrator
}

const BUSY_MAX: Duration = Duration::from_secs(5);
