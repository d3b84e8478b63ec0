//! What a database must be before the engine trusts it (fault S7), and what it refuses ever after (promise E1).

use std::path::Path;
use std::sync::Arc;

use dacapo::store::{Query, Store, StoreError, StoreOptions, Table};
use dacapo_engine::record::{Durability, Position};
use dacapo_tests::postgres::{self, Cluster};

use crate::fixture::{Fixture, Kind, PARTITION, append, database_of, names, read_all, run};

/// E1: the database itself refuses to change or remove a row of the log, for whoever asks.
#[test]
fn postgres_refuses_to_change_the_log() {
    run(Kind::Postgres, async |it: Fixture| {
        let (mut appender, head) = it.writer().await;
        append(&mut appender, head, &["a"]).await;
        let database = database_of(&it.url);
        for sql in [
            "UPDATE dacapo.log SET body = 'x'",
            "DELETE FROM dacapo.log",
            "DELETE FROM dacapo.log_0",
            "TRUNCATE dacapo.log",
            "TRUNCATE dacapo.log_0",
        ] {
            for role in ["postgres", "dacapo"] {
                let refused = postgres::shared().sql(database, &format!("SET ROLE {role}; {sql}"));
                let message = refused.unwrap_err().to_string();
                assert!(message.contains("insert-only"), "{role}: {sql}: {message}");
            }
        }
        assert_eq!(it.store.head(PARTITION).await.unwrap().unwrap().position.0, 2);
    });
}

/// E1 on SQLite.
#[test]
fn sqlite_refuses_to_change_the_log() {
    run(Kind::Sqlite, async |it: Fixture| {
        use sqlx::{Connection as _, SqliteConnection};
        let (mut appender, head) = it.writer().await;
        append(&mut appender, head, &["a"]).await;
        let mut connection = SqliteConnection::connect(&it.url).await.unwrap();
        for sql in ["UPDATE log SET body = x'00'", "DELETE FROM log"] {
            let refused = sqlx::query(sql).execute(&mut connection).await;
            assert!(refused.unwrap_err().to_string().contains("insert-only"), "{sql}");
        }
        connection.close().await.unwrap();
    });
}

/// FAULTS 5.9: every violation is named together with the SQL that cures it, and curing it helps.
#[test]
fn postgres_names_every_violation() {
    let cluster = Cluster::start(&[
        ("synchronous_commit", "off"),
        ("full_page_writes", "off"),
        ("default_transaction_isolation", "serializable"),
    ])
    .unwrap();
    let database = cluster.database();
    let options = StoreOptions::new(cluster.url("dacapo", &database), names());
    let refused = open(options.clone()).unwrap_err().to_string();
    for expected in [
        "synchronous_commit = on, found off",
        "full_page_writes = on, found off",
        "default_transaction_isolation = 'read committed', found 'serializable'",
        &format!("ALTER DATABASE {database} SET synchronous_commit = on"),
        "ALTER SYSTEM SET full_page_writes = on; SELECT pg_reload_conf()",
        &format!("ALTER DATABASE {database} SET default_transaction_isolation = 'read committed'"),
    ] {
        assert!(refused.contains(expected), "expected {expected:?} in {refused}");
    }
    for sql in [
        &format!("ALTER DATABASE {database} SET default_transaction_isolation = 'read committed'"),
        "ALTER SYSTEM SET full_page_writes = on",
        "SELECT pg_reload_conf()",
    ] {
        cluster.sql(&database, sql).unwrap();
    }
    let relaxed = StoreOptions { durability: Durability::Relaxed, ..options.clone() };
    open(relaxed).unwrap();
    let refused = open(options.clone()).unwrap_err().to_string();
    assert!(refused.contains("synchronous_commit") && !refused.contains("isolation"), "{refused}");
    let cure = format!("ALTER DATABASE {database} SET synchronous_commit = on");
    cluster.sql(&database, &cure).unwrap();
    open(options).unwrap();
}

/// FAULTS 5.9: another encoding, a missing right, a foreign schema.
#[test]
fn postgres_checks_encoding_and_rights() {
    let cluster = postgres::shared();
    let latin =
        "CREATE DATABASE latin OWNER dacapo ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0";
    cluster.sql("postgres", latin).unwrap();
    let refused = refusal(cluster, "dacapo", "latin");
    assert!(refused.contains("encoding UTF8, found LATIN1"), "{refused}");
    cluster.sql("postgres", "CREATE ROLE stranger LOGIN").unwrap();
    let database = cluster.database();
    let refused = refusal(cluster, "stranger", &database);
    let cure = format!("GRANT CREATE ON DATABASE {database} TO stranger");
    assert!(refused.contains(&cure), "{refused}");
    open(StoreOptions::new(cluster.url("dacapo", &database), names())).unwrap();
    let refused = refusal(cluster, "stranger", &database);
    assert!(refused.contains("ALTER SCHEMA dacapo OWNER TO stranger"), "{refused}");
}

/// FAULTS 5.11: reads may go through a transaction pooler: nothing is prepared, nothing outlives a transaction.
#[test]
fn postgres_is_read_through_a_pooler() {
    run(Kind::Postgres, async |it: Fixture| {
        let (mut appender, head) = it.writer().await;
        let head = append(&mut appender, head, &["a", "b"]).await;
        let options = StoreOptions::new(it.url.clone(), names());
        let pooled = Store::open(StoreOptions {
            reader_url: Some(it.url.clone()),
            readers_max: 2,
            ..options
        });
        let pooled = pooled.await.unwrap();
        for _ in 0..20 {
            assert_eq!(pooled.head(PARTITION).await.unwrap(), Some(head));
            assert_eq!(read_all(&pooled).await.len(), 2);
            assert_eq!(pooled.search(PARTITION, Query::all(Table::Job)).await.unwrap().total, 0);
        }
        let database = database_of(&it.url);
        let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
            AND application_name = 'dacapo reader' AND state <> 'idle'";
        assert_eq!(postgres::shared().sql(database, open).unwrap(), "0");
        pooled.close().await;
    });
}

/// S7: a schema that has drifted is not led.
#[test]
fn postgres_notices_drift() {
    let cluster = postgres::shared();
    let database = cluster.database();
    open(StoreOptions::new(cluster.url("dacapo", &database), names())).unwrap();
    for (drift, expected) in [
        ("ALTER TABLE dacapo.log DISABLE TRIGGER log_is_insert_only", "ENABLE TRIGGER USER"),
        (
            "ALTER TABLE dacapo.job ALTER COLUMN retries TYPE integer",
            "dacapo.job.retries of type bigint, found integer",
        ),
        (
            "ALTER TABLE dacapo.head DROP COLUMN epoch",
            "dacapo.head.epoch of type bigint, found nothing",
        ),
    ] {
        cluster.sql(&database, drift).unwrap();
        let refused = refusal(cluster, "dacapo", &database);
        assert!(refused.contains(expected), "expected {expected:?} in {refused}");
    }
}

/// S9: one process per file; the lock ends with its holder.
#[test]
fn sqlite_belongs_to_one_process() {
    run(Kind::Sqlite, async |it: Fixture| {
        let again = Store::open(StoreOptions::new(it.url.clone(), names())).await;
        assert!(matches!(again, Err(StoreError::Locked { .. })), "{again:?}");
    });
}

/// S2, FAULTS 5.13: a file that was not closed is checked, and a damaged one is refused by name.
#[test]
fn sqlite_checks_after_an_unclean_stop() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("dacapo.db");
    let options = StoreOptions::new(format!("sqlite:{}", path.display()), names());
    open(options.clone()).unwrap();
    let size = std::fs::metadata(&path).unwrap().len();
    damage(&path, size / 4);
    // as if the last process had left it behind
    std::fs::write(directory.path().join("dacapo.db-wal"), [0; 32]).unwrap();
    let refused = open(options).unwrap_err();
    let is_named = matches!(refused, StoreError::Damaged { .. } | StoreError::Database(_));
    assert!(is_named, "{refused}");
}

/// P18: rows that were folded from another log are not taken for this one's.
#[test]
fn rows_of_another_log_are_forgotten() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let [mine, other] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let file = |folder: &tempfile::TempDir| folder.path().join("dacapo.db");
    let projected = async |folder: &tempfile::TempDir, is_new: bool| {
        let options = StoreOptions::new(format!("sqlite:{}", file(folder).display()), names());
        let store = Store::open(options).await.unwrap();
        if is_new {
            store.bootstrap(PARTITION, 0).await.unwrap();
            let mut projector = store.projector(PARTITION);
            projector.apply(Position(0), Position(7), Arc::default()).await.unwrap();
        }
        let position = store.projected(PARTITION).await.unwrap();
        store.close().await;
        position
    };
    runtime.block_on(async {
        for folder in [&mine, &other] {
            assert_eq!(projected(folder, true).await, Position(7));
            assert_eq!(projected(folder, false).await, Position(7));
        }
        std::fs::copy(file(&other), file(&mine)).unwrap();
        assert_eq!(projected(&mine, false).await, Position(0));
    });
}

fn damage(path: &Path, from: u64) {
    use std::io::{Seek as _, SeekFrom, Write as _};
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(from)).unwrap();
    file.write_all(&[0xa5; 16_384]).unwrap();
}

fn refusal(cluster: &Cluster, role: &str, database: &str) -> String {
    let refused = open(StoreOptions::new(cluster.url(role, database), names())).unwrap_err();
    assert!(matches!(refused, StoreError::Contract { .. }), "{refused}");
    refused.to_string()
}

fn open(options: StoreOptions) -> Result<(), StoreError> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Store::open(options).await?;
        store.close().await;
        Ok(())
    })
}
