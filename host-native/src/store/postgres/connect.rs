//! How each kind of connection is set up.

use std::time::Duration;

use dacapo_engine::record::PartitionId;
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

use crate::store::StoreResult;

/// Reads an address.
pub(super) fn parse(url: &str) -> StoreResult<PgConnectOptions> {
    let options: PgConnectOptions = url.parse()?;
    Ok(options.disable_statement_logging())
}

/// The connection that checks the contract: sees the settings as the server gives them.
pub(super) fn plain(base: &PgConnectOptions) -> PgConnectOptions {
    base.clone().application_name("dacapo start")
}

/// The connection of the one writer of a partition's log.
///
/// `enable_seqscan` is off for every connection that meets hot tables with prepared statements: a plan made while a table
/// was empty would scan it for ever.
pub(super) fn writer(
    base: &PgConnectOptions,
    partition: PartitionId,
    epoch: u64,
) -> PgConnectOptions {
    let name = format!("dacapo writer {} epoch {epoch}", partition.0);
    let options = base.clone().application_name(&name).options(WRITER);
    options.options([("statement_timeout", "0")])
}

/// The connection of the one writer of a partition's read model.
pub(super) fn projector(base: &PgConnectOptions, partition: PartitionId) -> PgConnectOptions {
    let name = format!("dacapo projector {}", partition.0);
    base.clone().application_name(&name).options(WRITER).options([("statement_timeout", "0")])
}

/// Connections for the inbox, leases and snapshots.
pub(super) fn control(base: &PgConnectOptions) -> PgConnectOptions {
    let options = base.clone().application_name("dacapo control").options(WRITER);
    options.options([("statement_timeout", "30s")])
}

/// Connections for reads. Plans are made for the values at hand, so that indexes on parts of a table serve.
pub(super) fn reader(base: &PgConnectOptions) -> PgConnectOptions {
    base.clone().application_name("dacapo reader").options([
        ("idle_in_transaction_session_timeout", "5s"),
        ("statement_timeout", "30s"),
        ("default_transaction_read_only", "on"),
        ("plan_cache_mode", "force_custom_plan"),
    ])
}

/// Connections for reads through a transaction pooler, which takes no session settings and keeps no statements.
pub(super) fn pooled(base: &PgConnectOptions) -> PgConnectOptions {
    base.clone().application_name("dacapo reader").statement_cache_capacity(0)
}

/// Makes a pool that connects when it is first used.
pub(super) fn pool(options: PgConnectOptions, connections_max: u32) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections_max.max(1))
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(Duration::from_secs(300))
        .connect_lazy_with(options)
}

const WRITER: [(&str, &str); 4] = [
    ("idle_in_transaction_session_timeout", "5s"),
    ("lock_timeout", "2s"),
    ("client_connection_check_interval", "1s"),
    ("enable_seqscan", "off"),
];
