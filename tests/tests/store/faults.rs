//! A server that goes away at the worst moment.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dacapo::store::{Appended, Appender, Batch, Refusal, StoreError};
use dacapo_engine::record::Position;
use dacapo_log::wire::Head;
use dacapo_tests::postgres;

use crate::fixture::{Fixture, Kind, PARTITION, TTL, append, batch, database_of, read_all, run};

/// P4, P6: the backend dies while an append waits: unknown, then resolved as absent; the same bytes go in afterwards.
#[test]
fn a_killed_backend_leaves_doubt_that_resolves_to_absent() {
    run(Kind::Postgres, async |it: Fixture| {
        let (mut appender, head) = it.writer().await;
        let head = append(&mut appender, head, &["a"]).await;
        let mut blocker = block(&it.url).await;
        let mine = Arc::new(batch(head, &["b"]));
        let sent = tokio::spawn(send(appender, Arc::clone(&mine)));
        wait_for_waiter(&it.url).await;
        let database = database_of(&it.url);
        postgres::shared().sql(database, KILL_WRITER).unwrap();
        let (mut appender, appended) = sent.await.unwrap();
        assert!(matches!(appended, Appended::Unknown(_)), "{appended:?}");
        rollback(&mut blocker).await;
        let resolved = appender.resolve(Arc::clone(&mine)).await.unwrap();
        assert_eq!((resolved.head, resolved.is_stored), (head, false));
        assert!(matches!(appender.append(mine).await, Appended::Done));
        assert_eq!(read_all(&it.store).await.len(), 2);
    });
}

/// P4: the caller gives up while the append waits, and it commits late. Resolving waits for it and finds it.
#[test]
fn a_late_commit_is_waited_for() {
    run(Kind::Postgres, async |it: Fixture| {
        let (mut appender, head) = it.writer().await;
        let head = append(&mut appender, head, &["a"]).await;
        let mut blocker = block(&it.url).await;
        let mine = Arc::new(batch(head, &["b"]));
        // dropping the future abandons the answer, not the statement
        let abandoned =
            tokio::time::timeout(Duration::from_millis(200), appender.append(Arc::clone(&mine)));
        assert!(abandoned.await.is_err());
        wait_for_waiter(&it.url).await;
        let resolving = tokio::spawn(async move {
            let resolved = appender.resolve(mine).await;
            (appender, resolved)
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!resolving.is_finished(), "resolved while an append was in flight");
        rollback(&mut blocker).await;
        let (mut appender, resolved) = resolving.await.unwrap();
        let resolved = resolved.unwrap();
        assert!(resolved.is_stored, "{resolved:?}");
        append(&mut appender, resolved.head, &["c"]).await;
        assert_eq!(read_all(&it.store).await.len(), 3);
    });
}

/// P5: an append that waits for a lock too long is refused for now, and nothing of it stays.
#[test]
fn a_lock_that_is_held_too_long_is_no_doubt() {
    run(Kind::Postgres, async |it: Fixture| {
        let (mut appender, head) = it.writer().await;
        let mut blocker = block(&it.url).await;
        let mine = Arc::new(batch(head, &["a"]));
        let appended = appender.append(Arc::clone(&mine)).await;
        assert!(matches!(appended, Appended::NotDone(Refusal::Unavailable(_))), "{appended:?}");
        rollback(&mut blocker).await;
        assert!(matches!(appender.append(mine).await, Appended::Done));
    });
}

/// P6, P13: a server that is silent for too long is given up: unknown, and resolved once it speaks again.
#[test]
fn a_silent_server_leaves_doubt() {
    run(Kind::Postgres, async |it: Fixture| {
        let (mut appender, head) = it.writer().await;
        let head = append(&mut appender, head, &["a"]).await;
        let mut blocker = block(&it.url).await;
        appender.set_silence_max(Duration::from_millis(300));
        let mine = Arc::new(batch(head, &["b"]));
        let appended = appender.append(Arc::clone(&mine)).await;
        assert!(matches!(appended, Appended::Unknown(StoreError::Silent { .. })), "{appended:?}");
        rollback(&mut blocker).await;
        appender.set_silence_max(Duration::from_secs(20));
        let resolved = appender.resolve(Arc::clone(&mine)).await.unwrap();
        let is_there = read_all(&it.store).await.len() == 2;
        assert_eq!(resolved.is_stored, is_there);
        assert!(matches!(appender.append(mine).await, Appended::Done));
        assert_eq!(read_all(&it.store).await.len(), 2);
    });
}

/// P1, P6: the server crashes between appends; what was acknowledged is there, and the writer goes on by itself.
#[test]
fn a_crash_of_the_server_loses_nothing() {
    let cluster = postgres::Cluster::start(&[]).unwrap();
    let url = cluster.url("dacapo", &cluster.database());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let options = dacapo::store::StoreOptions::new(url, crate::fixture::names());
        let store = dacapo::store::Store::open(options).await.unwrap();
        store.bootstrap(PARTITION, 1).await.unwrap();
        let mut appender = store.appender(PARTITION);
        let mut head = appender.acquire("here".into(), TTL).await.unwrap();
        for round in 0..3 {
            head = append(&mut appender, head, &[&format!("before {round}")]).await;
            cluster.crash_and_restart().unwrap();
            let mine = Arc::new(batch(head, &[&format!("after {round}")]));
            let first = appender.append(Arc::clone(&mine)).await;
            assert!(!matches!(first, Appended::NotDone(Refusal::Fenced { .. })), "{first:?}");
            if !matches!(first, Appended::Done) {
                assert!(!appender.resolve(Arc::clone(&mine)).await.unwrap().is_stored);
            }
            head = send_again(&mut appender, mine).await;
        }
        assert_eq!(read_all(&store).await.len(), 6);
        assert_eq!(store.head(PARTITION).await.unwrap(), Some(head));
        store.close().await;
    });
}

/// P3: another node waits for the lease of a living writer; the same node, restarted, does not, and nobody waits for a writer
/// that is gone.
#[test]
fn a_lease_keeps_others_out() {
    run(Kind::Postgres, async |it: Fixture| {
        let (mine, head) = it.writer().await;
        let mut other = it.store.appender(PARTITION);
        let held = other.acquire("there".into(), TTL).await;
        let Err(StoreError::Held { holder, remaining_ms, .. }) = held else { panic!("{held:?}") };
        assert!(holder == "here" && (1..=10_000).contains(&remaining_ms));
        assert!(it.store.renew(PARTITION, "here".into(), TTL).await.unwrap());
        assert!(!it.store.renew(PARTITION, "there".into(), TTL).await.unwrap());
        let (again, taken) = it.writer().await;
        assert_eq!(taken.epoch, head.epoch + 1);
        drop((mine, again));
        let started = Instant::now();
        let mut found = other.acquire("there".into(), TTL).await;
        while found.is_err() && started.elapsed() < TTL / 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            found = other.acquire("there".into(), TTL).await;
        }
        assert_eq!(found.unwrap().epoch, head.epoch + 2);
        it.store.release(PARTITION, "there".into()).await.unwrap();
        let (_, back) = it.writer().await;
        assert_eq!((back.epoch, back.position), (head.epoch + 3, Position(0)));
    });
}

/// P5: a writer that was given up and still holds the row of the head is ended by whoever has the lease.
#[test]
fn a_half_open_writer_is_ended() {
    run(Kind::Postgres, async |it: Fixture| {
        let (_, head) = it.writer().await;
        let mut stuck = block(&it.url).await;
        let database = database_of(&it.url);
        let pid = "SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()";
        let expire = format!(
            "UPDATE dacapo.lease SET holder = 'gone', expires_at = now(), writer_pid = ({pid})"
        );
        postgres::shared().sql(database, &expire).unwrap();
        let mut next = it.store.appender(PARTITION);
        let taken = next.acquire("next".into(), TTL).await.unwrap();
        assert_eq!(taken.epoch, head.epoch + 1);
        assert!(sqlx::query("SELECT 1").execute(&mut stuck).await.is_err());
        append(&mut next, taken, &["a"]).await;
    });
}

/// FAULTS 5.12: a log that outgrows its table gets the next one before it is needed.
#[test]
fn a_growing_log_gets_new_tables() {
    run(Kind::Postgres, async |it: Fixture| {
        let (_, start) = it.writer().await;
        let ask = |sql: &str| postgres::shared().sql(database_of(&it.url), sql).unwrap();
        let mut head = start;
        for edge in [9_999_997, 19_999_997, 54_999_999] {
            ask(&format!("UPDATE dacapo.head SET position = {edge}"));
            let mut appender = it.store.appender(PARTITION);
            head = Head { position: Position(edge), ..head };
            let first = Arc::new(batch(head, &["a", "b"]));
            head = send_again(&mut appender, first).await;
            head = append(&mut appender, head, &["c", "d"]).await;
        }
        assert_eq!(it.store.head(PARTITION).await.unwrap(), Some(head));
        let counts = ask(
            "SELECT string_agg(it, ' ') FROM (SELECT tableoid::regclass || '=' || count(*) AS it
            FROM dacapo.log GROUP BY tableoid ORDER BY min(position)) AS it",
        );
        assert_eq!(counts, "dacapo.log_0=1 dacapo.log_1=4 dacapo.log_2=3 dacapo.log_5=4");
        let refused = postgres::shared().sql(database_of(&it.url), "DELETE FROM dacapo.log_5");
        assert!(refused.unwrap_err().to_string().contains("insert-only"));
    });
}

async fn send(mut appender: Appender, batch: Arc<Batch>) -> (Appender, Appended) {
    let appended = appender.append(batch).await;
    (appender, appended)
}

async fn send_again(appender: &mut Appender, batch: Arc<Batch>) -> Head {
    let next = batch.next;
    let appended = appender.append(batch).await;
    assert!(matches!(appended, Appended::Done), "{appended:?}");
    next
}

/// Holds the row of the head.
async fn block(url: &str) -> sqlx::PgConnection {
    use sqlx::Connection as _;
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    sqlx::query("BEGIN").execute(&mut connection).await.unwrap();
    sqlx::query("SELECT 1 FROM dacapo.head FOR UPDATE").execute(&mut connection).await.unwrap();
    connection
}

async fn rollback(connection: &mut sqlx::PgConnection) {
    sqlx::query("ROLLBACK").execute(connection).await.unwrap();
}

async fn wait_for_waiter(url: &str) {
    let database = database_of(url);
    for _ in 0..200 {
        if postgres::shared().sql(database, COUNT_WAITERS).unwrap() == "1" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no writer waits");
}

const COUNT_WAITERS: &str =
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND application_name LIKE 'dacapo writer%' AND wait_event_type = 'Lock'";
const KILL_WRITER: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'dacapo writer%' AND wait_event_type = 'Lock'";
