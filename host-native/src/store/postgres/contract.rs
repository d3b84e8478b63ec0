//! What the server must be before the engine trusts it with a log: every deviation with the SQL that cures it.

use dacapo_engine::record::Durability;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};

use crate::store::{StoreError, StoreResult, Violation};

/// Checks the server and the role.
///
/// # Errors
/// [`StoreError::Contract`] with all violations; what the database said.
pub(super) async fn check(
    connection: &mut PgConnection,
    durability: Durability,
) -> StoreResult<()> {
    let row = sqlx::query(SETTINGS).fetch_one(connection).await?;
    let found = Found::new(&row)?;
    let mut violations = found.server();
    violations.extend(found.durability(durability));
    violations.extend(found.privileges());
    if !found.has_checksums {
        tracing::warn!(
            "data checksums of the database are off: the engine detects damage of the log, not of other tables"
        );
    }
    if violations.is_empty() { Ok(()) } else { Err(StoreError::Contract { violations }) }
}

struct Found {
    version: i32,
    encoding: String,
    isolation: String,
    synchronous_commit: String,
    fsync: String,
    full_page_writes: String,
    is_standby: bool,
    read_only: String,
    has_checksums: bool,
    database: String,
    role: String,
    has_schema: bool,
    may_create: bool,
    owns_schema: bool,
}

impl Found {
    fn new(row: &PgRow) -> Result<Self, sqlx::Error> {
        let checksums: String = row.try_get("data_checksums")?;
        Ok(Self {
            version: row.try_get("server_version_num")?,
            encoding: row.try_get("server_encoding")?,
            isolation: row.try_get("default_transaction_isolation")?,
            synchronous_commit: row.try_get("synchronous_commit")?,
            fsync: row.try_get("fsync")?,
            full_page_writes: row.try_get("full_page_writes")?,
            is_standby: row.try_get("is_standby")?,
            read_only: row.try_get("default_transaction_read_only")?,
            has_checksums: checksums == "on",
            database: row.try_get("database")?,
            role: row.try_get("role")?,
            has_schema: row.try_get("has_schema")?,
            may_create: row.try_get("may_create")?,
            owns_schema: row.try_get("owns_schema")?,
        })
    }

    fn server(&self) -> Vec<Violation> {
        let database = &self.database;
        let mut violations = Vec::new();
        let mut expect = |is_so: bool, problem: String, cure: String| {
            if !is_so {
                violations.push(Violation { problem, cure });
            }
        };
        expect(
            self.version >= VERSION_MIN,
            format!("expected PostgreSQL 14 or later, found {}", self.version / 10_000),
            "upgrade the server".into(),
        );
        expect(
            self.encoding == "UTF8",
            format!("expected the encoding UTF8, found {}", self.encoding),
            "create another database: CREATE DATABASE dacapo ENCODING 'UTF8' TEMPLATE template0"
                .into(),
        );
        expect(
            !self.is_standby,
            "expected the primary, found a standby in recovery".into(),
            "connect to the primary, or promote this server: SELECT pg_promote()".into(),
        );
        expect(
            self.isolation == "read committed",
            format!(
                "expected default_transaction_isolation = 'read committed', found '{}'",
                self.isolation
            ),
            format!(
                "run: ALTER DATABASE {database} SET default_transaction_isolation = 'read committed'"
            ),
        );
        expect(
            self.is_standby || self.read_only == "off",
            format!("expected default_transaction_read_only = off, found {}", self.read_only),
            format!("run: ALTER DATABASE {database} SET default_transaction_read_only = off"),
        );
        violations
    }

    fn durability(&self, durability: Durability) -> Vec<Violation> {
        if durability == Durability::Relaxed {
            return Vec::new();
        }
        let mut violations = Vec::new();
        if self.synchronous_commit == "off" {
            violations.push(Violation {
                problem: "expected synchronous_commit = on, found off: acknowledged commands could be lost".into(),
                cure: format!("run: ALTER DATABASE {} SET synchronous_commit = on", self.database),
            });
        }
        for (name, value) in [("fsync", &self.fsync), ("full_page_writes", &self.full_page_writes)]
        {
            if value == "off" {
                violations.push(Violation {
                    problem: format!(
                        "expected {name} = on, found off: a crash could destroy the log"
                    ),
                    cure: format!(
                        "run as superuser: ALTER SYSTEM SET {name} = on; SELECT pg_reload_conf()"
                    ),
                });
            }
        }
        violations
    }

    fn privileges(&self) -> Vec<Violation> {
        let (database, role) = (&self.database, &self.role);
        if self.has_schema && !self.owns_schema {
            return vec![Violation {
                problem: format!("expected role {role} to own schema dacapo, found another owner"),
                cure: format!("run: ALTER SCHEMA dacapo OWNER TO {role}, or connect as its owner"),
            }];
        }
        if !self.has_schema && !self.may_create {
            return vec![Violation {
                problem: format!(
                    "expected role {role} to be allowed to create schema dacapo, found no right to"
                ),
                cure: format!("run: GRANT CREATE ON DATABASE {database} TO {role}"),
            }];
        }
        Vec::new()
    }
}

const VERSION_MIN: i32 = 140_000;
const SETTINGS: &str = "SELECT
    current_setting('server_version_num')::int AS server_version_num,
    current_setting('server_encoding') AS server_encoding,
    current_setting('default_transaction_isolation') AS default_transaction_isolation,
    current_setting('synchronous_commit') AS synchronous_commit,
    current_setting('fsync') AS fsync,
    current_setting('full_page_writes') AS full_page_writes,
    current_setting('default_transaction_read_only') AS default_transaction_read_only,
    current_setting('data_checksums') AS data_checksums,
    pg_is_in_recovery() AS is_standby,
    quote_ident(current_database()) AS database,
    quote_ident(current_user) AS role,
    to_regnamespace('dacapo') IS NOT NULL AS has_schema,
    has_database_privilege(current_database(), 'CREATE') AS may_create,
    coalesce((SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'dacapo'), false)
        AS owns_schema";
