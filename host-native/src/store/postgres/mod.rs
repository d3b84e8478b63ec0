//! PostgreSQL: an ordinary role, no extension, READ COMMITTED.
//!
//! Three kinds of connections: writers own theirs ([`AppendSession`], [`ProjectSession`]); a small pool serves the other
//! writes; a larger one serves reads, and may go through a transaction pooler.

mod append;
mod connect;
mod contract;
mod inbox;
mod log;
mod project;
mod rows;
mod schema;
mod snapshot;

use dacapo_engine::record::{Durability, PartitionId};
use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPool};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Transaction};

use super::{Names, StoreOptions, StoreResult};

pub(super) use append::AppendSession;
pub(super) use log::{outcome_kind, to_hash};
pub(super) use project::ProjectSession;

/// The store.
#[derive(Debug)]
pub(super) struct Postgres {
    options: PgConnectOptions,
    control: PgPool,
    readers: PgPool,
    is_pooled: bool,
    durability: Durability,
    names: Names,
}

/// A connection for reads: behind a pooler inside a transaction, which keeps it on one server connection.
pub(super) enum Reader {
    /// A connection of its own.
    Direct(PoolConnection<sqlx::Postgres>),
    /// A transaction.
    Pooled(Transaction<'static, sqlx::Postgres>),
}

impl Postgres {
    pub(super) async fn open(url: &str, options: StoreOptions) -> StoreResult<Self> {
        let base = connect::parse(url)?;
        let mut connection = PgConnection::connect_with(&connect::plain(&base)).await?;
        contract::check(&mut connection, options.durability).await?;
        schema::create(&mut connection).await?;
        migrator().run_direct(None, &mut connection, false).await?;
        schema::fill_names(&mut connection, &options.names).await?;
        schema::check(&mut connection).await?;
        connection.close().await?;
        let reader = match &options.reader_url {
            Some(url) => connect::pooled(&connect::parse(url)?),
            None => connect::reader(&base),
        };
        Ok(Self {
            control: connect::pool(connect::control(&base), CONTROL_CONNECTIONS),
            readers: connect::pool(reader, options.readers_max),
            is_pooled: options.reader_url.is_some(),
            durability: options.durability,
            names: options.names,
            options: base,
        })
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.control.close().await;
    }

    pub(super) const fn durability(&self) -> Durability {
        self.durability
    }

    pub(super) async fn append_session(
        &self,
        partition: PartitionId,
        epoch: u64,
    ) -> StoreResult<AppendSession> {
        let options = connect::writer(&self.options, partition, epoch);
        AppendSession::open(PgConnection::connect_with(&options).await?, partition, epoch).await
    }

    pub(super) async fn project_session(
        &self,
        partition: PartitionId,
    ) -> StoreResult<ProjectSession> {
        let options = connect::projector(&self.options, partition);
        Ok(ProjectSession::new(PgConnection::connect_with(&options).await?))
    }

    async fn reader(&self) -> StoreResult<Reader> {
        Ok(match self.is_pooled {
            true => Reader::Pooled(self.readers.begin().await?),
            false => Reader::Direct(self.readers.acquire().await?),
        })
    }

    /// Makes a statement for a reader: a pooler cannot keep prepared ones.
    fn query(&self, sql: &'static str) -> Query<'static, sqlx::Postgres, PgArguments> {
        sqlx::query(sql).persistent(!self.is_pooled)
    }

    /// Makes a statement of a search, whose text consists of our own names and placeholders.
    fn composed(&self, sql: String) -> Query<'static, sqlx::Postgres, PgArguments> {
        sqlx::query(AssertSqlSafe(sql)).persistent(!self.is_pooled)
    }
}

impl std::ops::Deref for Reader {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        match self {
            Self::Direct(it) => it,
            Self::Pooled(it) => it,
        }
    }
}

impl std::ops::DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut PgConnection {
        match self {
            Self::Direct(it) => it,
            Self::Pooled(it) => it,
        }
    }
}

fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!("migrations/postgres");
    migrator.dangerous_set_table_name("dacapo.migration");
    migrator
}

/// Returns a partition as its column.
const fn column(partition: PartitionId) -> i16 {
    partition.0.cast_signed()
}

/// Inbox, leases and snapshots need few connections.
const CONTROL_CONNECTIONS: u32 = 2;
