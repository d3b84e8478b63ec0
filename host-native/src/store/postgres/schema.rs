//! The schema: made once, named at every start, and checked not to have drifted.

use std::collections::BTreeMap;

use sqlx::{PgConnection, Row as _};

use crate::store::table::{Kind, Table};
use crate::store::{Names, StoreError, StoreResult, Violation};

/// Makes the schema, unless it exists.
pub(super) async fn create(connection: &mut PgConnection) -> StoreResult<()> {
    let exists: bool = sqlx::query_scalar("SELECT to_regnamespace('dacapo') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await?;
    if !exists {
        sqlx::query("CREATE SCHEMA IF NOT EXISTS dacapo").execute(connection).await?;
    }
    Ok(())
}

/// Fills the tables of names, which the functions that render the log read.
pub(super) async fn fill_names(connection: &mut PgConnection, names: &Names) -> StoreResult<()> {
    let (mut kinds, mut numbers, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, number, name) in names.intents() {
        kinds.push(kind);
        numbers.push(i32::from(number));
        texts.push(name);
    }
    let query = sqlx::query(FILL_INTENTS).bind(kinds).bind(numbers).bind(texts);
    query.execute(&mut *connection).await?;
    let (mut scopes, mut shorts, mut longs, mut are_data) = (vec![], vec![], vec![], vec![]);
    for (scope, field) in names.fields() {
        scopes.push(scope);
        shorts.push(field.short);
        longs.push(field.long);
        are_data.push(field.is_data);
    }
    let query = sqlx::query(FILL_FIELDS).bind(scopes).bind(shorts).bind(longs).bind(are_data);
    query.execute(connection).await?;
    Ok(())
}

/// Checks columns, and the triggers that keep the log as it is (fault S7).
///
/// # Errors
/// [`StoreError::Contract`] with all deviations; what the database said.
pub(super) async fn check(connection: &mut PgConnection) -> StoreResult<()> {
    let rows = sqlx::query(COLUMNS).fetch_all(&mut *connection).await?;
    let mut found = BTreeMap::new();
    for row in rows {
        let (name, kind): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        found.insert(name, kind);
    }
    let mut violations: Vec<Violation> = expected_columns()
        .into_iter()
        .filter(|(name, kind)| found.get(name).map(String::as_str) != Some(*kind))
        .map(|(name, kind)| {
            let other = found.get(&name).map_or("nothing", String::as_str);
            Violation {
                problem: format!("expected the column dacapo.{name} of type {kind}, found {other}"),
                cure: "undo the change of the schema, or restore it from a backup".into(),
            }
        })
        .collect();
    let guards: i64 = sqlx::query_scalar(GUARDS).fetch_one(connection).await?;
    if guards != 2 {
        violations.push(Violation {
            problem: format!(
                "expected 2 triggers that keep dacapo.log insert-only, found {guards}"
            ),
            cure: "run: ALTER TABLE dacapo.log ENABLE TRIGGER USER".into(),
        });
    }
    if violations.is_empty() { Ok(()) } else { Err(StoreError::Contract { violations }) }
}

fn expected_columns() -> Vec<(String, &'static str)> {
    let core = CORE.iter().map(|(name, kind)| ((*name).to_owned(), *kind));
    let model = Table::ALL.iter().flat_map(|table| {
        table.columns().iter().map(|column| {
            let kind = match column.kind {
                Kind::Int => "bigint",
                Kind::Text => "text",
                Kind::Bytes => "bytea",
            };
            (format!("{}.{}", table.name(), column.name), kind)
        })
    });
    core.chain(model).collect()
}

const CORE: &[(&str, &str)] = &[
    ("head.partition", "smallint"),
    ("head.incarnation", "bigint"),
    ("head.epoch", "bigint"),
    ("head.position", "bigint"),
    ("head.hash", "bytea"),
    ("lease.holder", "text"),
    ("lease.expires_at", "timestamp with time zone"),
    ("lease.writer_pid", "integer"),
    ("log.partition", "smallint"),
    ("log.position", "bigint"),
    ("log.count", "integer"),
    ("log.tenant", "text"),
    ("log.intent", "text"),
    ("log.timestamp", "bigint"),
    ("log.outcome", "text"),
    ("log.body", "bytea"),
    ("log.hash", "bytea"),
    ("inbox.tenant", "text"),
    ("inbox.request_id", "text"),
    ("inbox.partition", "smallint"),
    ("inbox.command", "jsonb"),
    ("inbox.attempts", "integer"),
    ("snapshot.position", "bigint"),
    ("snapshot.hash", "bytea"),
    ("snapshot.digest", "bytea"),
    ("snapshot_chunk.body", "bytea"),
    ("step_instance.instance_key", "bigint"),
    ("step_instance.position", "bigint"),
    ("projection.position", "bigint"),
];
const COLUMNS: &str = "SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'dacapo'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped";
const GUARDS: &str = "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'dacapo.log'::regclass
    AND tgname IN ('log_is_insert_only', 'log_is_never_truncated') AND tgenabled IN ('O', 'A')";
const FILL_INTENTS: &str = "INSERT INTO dacapo.intent (kind, number, name)
    SELECT * FROM unnest($1::text[], $2::int[], $3::text[])
    ON CONFLICT (kind, number) DO UPDATE SET name = excluded.name WHERE intent.name <> excluded.name";
const FILL_FIELDS: &str = "INSERT INTO dacapo.field (scope, short, long, is_data)
    SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::boolean[])
    ON CONFLICT (short, scope) DO UPDATE SET long = excluded.long, is_data = excluded.is_data
    WHERE (field.long, field.is_data) IS DISTINCT FROM (excluded.long, excluded.is_data)";
