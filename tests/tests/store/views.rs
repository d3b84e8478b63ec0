//! The log as people who ask in SQL see it: views, names, and commands that enter by the user's own transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use dacapo::store::{Appended, Batch, InboxKey};
use dacapo_engine::feel::{Value, json};
use dacapo_engine::record::{Control, Limits};
use dacapo_log::wire::{Names, frame_json};
use dacapo_tests::drive::{Drive, small_limits};
use dacapo_tests::postgres;
use dacapo_tests::toy::{Add, FIELDS, FanOut, Label, Subtract, Toy};
use sqlx::{Connection as _, PgConnection, Row as _};

use crate::fixture::{Fixture, Kind, PARTITION, database_of, run};

/// E, DESIGN §8: a frame rendered by SQL is the frame rendered by Rust, long names and all.
#[test]
fn sql_renders_frames_as_rust_does() {
    run(Kind::Postgres, async |it: Fixture| {
        let drive = log();
        store(&it, &drive).await;
        let names = Names::of::<Toy>(&FIELDS);
        let mut connection = PgConnection::connect(&it.url).await.unwrap();
        for stored in &drive.stored {
            let expected = frame_json(&stored.body, &names).unwrap();
            let row = sqlx::query("SELECT dacapo.frame(body)::text, dacapo.frame(body) = $2::jsonb FROM dacapo.log WHERE position = $1")
                .bind(stored.position.0.cast_signed())
                .bind(&expected)
                .fetch_one(&mut connection)
                .await
                .unwrap();
            let found: String = row.get(0);
            assert!(row.get::<bool, _>(1), "expected {expected}\nfound {found}");
        }
        connection.close().await.unwrap();
    });
}

/// Decimals, dates, times, durations and text of every shape in the user's own data.
#[test]
fn sql_renders_data_as_rust_does() {
    run(Kind::Postgres, async |it: Fixture| {
        let mut connection = PgConnection::connect(&it.url).await.unwrap();
        for value in values() {
            let bytes = rmp_serde::to_vec_named(&value).unwrap();
            assert_eq!(rmp_serde::from_slice::<Value>(&bytes).unwrap(), value);
            let expected = json::print(&value);
            let row = sqlx::query("SELECT value::text, value = $2::jsonb, next = length($1) FROM dacapo.value($1, 0, 2, false, 0)")
                .bind(&bytes)
                .bind(expected.replace("\\u0000", "\u{fffd}"))
                .fetch_one(&mut connection)
                .await
                .unwrap();
            let found: String = row.get(0);
            assert!(row.get(1) && row.get(2), "expected {expected}, found {found}");
        }
        connection.close().await.unwrap();
    });
}

/// E6, DESIGN §8: one row per record, with its cause; refusals beside their commands; control records without a command.
#[test]
fn views_show_one_row_per_record() {
    run(Kind::Postgres, async |it: Fixture| {
        let drive = log();
        store(&it, &drive).await;
        let database = database_of(&it.url);
        let ask = |sql: &str| postgres::shared().sql(database, sql).unwrap();
        let count = ask("SELECT (SELECT count(*) FROM dacapo.command_log) + (SELECT count(*) FROM dacapo.event_log)
            + (SELECT count(*) FROM dacapo.log WHERE outcome = 'rejection')");
        assert_eq!(count, drive.position().0.to_string());
        let positions =
            ask("SELECT count(DISTINCT position) FROM (SELECT position FROM dacapo.command_log
            UNION ALL SELECT position FROM dacapo.event_log) AS it");
        let rejections = ask("SELECT count(*) FROM dacapo.log WHERE outcome = 'rejection'");
        let all: u64 = positions.parse::<u64>().unwrap() + rejections.parse::<u64>().unwrap();
        assert_eq!(all, drive.position().0);
        let refused = ask("SELECT intent, payload ->> 'amount', rejection_type, request_id, processed_at = timestamp
            FROM dacapo.command_log WHERE rejection_type IS NOT NULL ORDER BY position LIMIT 1");
        assert_eq!(refused, "counter.add|6|request_conflict|r-1|t");
        let labelled = ask(
            "SELECT payload -> 'data' FROM dacapo.command_log WHERE intent = 'counter.label' ORDER BY position LIMIT 1",
        );
        assert_eq!(labelled, r#"{"schlüssel": "wert"}"#);
        let event = ask(
            "SELECT position - command_position, tenant_id, intent, payload ->> 'name', key <> ''
            FROM dacapo.event_log WHERE intent = 'counter.created' ORDER BY position LIMIT 1",
        );
        assert_eq!(event, "1|<default>|counter.created|a|t");
        let genesis = ask(
            "SELECT position, command_position IS NULL, payload ->> 'default_tenant', timestamp
            FROM dacapo.event_log WHERE intent = 'log.genesis'",
        );
        assert_eq!(genesis, "1|t|<default>|1970-01-01 00:00:01+00");
    });
}

/// DESIGN §8: the user's row and our command commit together, or neither does.
#[test]
fn a_command_enters_by_the_users_own_transaction() {
    run(Kind::Postgres, async |it: Fixture| {
        it.store.bootstrap(PARTITION, 1).await.unwrap();
        let database = database_of(&it.url);
        let ask = |sql: &str| postgres::shared().sql(database, sql);
        ask("CREATE TABLE orders (id int PRIMARY KEY)").unwrap();
        let waiting = async || it.store.inbox_take(PARTITION, 9, vec![]).await.unwrap();
        ask(r#"BEGIN; INSERT INTO orders VALUES (1); SELECT dacapo.enqueue('{"x": 1}', 'r-1'); ROLLBACK"#).unwrap();
        assert_eq!(
            (waiting().await.len(), ask("SELECT count(*) FROM orders").unwrap()),
            (0, "0".into())
        );
        let receipt = ask(
            r#"BEGIN; INSERT INTO orders VALUES (1); SELECT dacapo.enqueue('{"x": 1.50}', 'r-1'); COMMIT"#,
        );
        assert_eq!(receipt.unwrap(), "r-1");
        let taken = waiting().await;
        let key = InboxKey { tenant: "<default>".into(), request_id: "r-1".into() };
        assert_eq!((taken.len(), &taken[0].key, &*taken[0].command), (1, &key, r#"{"x": 1.50}"#));
        // again is harmless, another command under the id is not
        ask(r#"SELECT dacapo.enqueue('{"x": 1.5}', 'r-1')"#).unwrap();
        let other = ask(r#"SELECT dacapo.enqueue('{"x": 2}', 'r-1')"#).unwrap_err().to_string();
        assert!(other.contains("request id r-1"), "{other}");
        let receipt = ask(r#"SELECT dacapo.enqueue('{}', tenant => 'other')"#).unwrap();
        assert_eq!((receipt.len(), waiting().await.len()), (36, 2));
        for bad in ["'[]'", "NULL", "'{}', ''", "'{}', 'r', ''"] {
            ask(&format!("SELECT dacapo.enqueue({bad})")).unwrap_err();
        }
        // an application role needs no more than the function
        ask("DROP ROLE IF EXISTS shop; CREATE ROLE shop; GRANT USAGE ON SCHEMA dacapo TO shop")
            .unwrap();
        let denied = ask("SET ROLE shop; SELECT dacapo.enqueue('{}')").unwrap_err().to_string();
        assert!(denied.contains("permission denied for function enqueue"), "{denied}");
        ask("GRANT EXECUTE ON FUNCTION dacapo.enqueue(jsonb, text, text) TO shop").unwrap();
        ask("SET ROLE shop; SELECT dacapo.enqueue('{}')").unwrap();
        assert_eq!(waiting().await.len(), 3);
    });
}

fn log() -> Drive<Toy> {
    let mut drive = Drive::<Toy>::new(small_limits());
    drive.request(Some("r-1"), Add { name: "a".into(), amount: 5 });
    drive.request(Some("r-1"), Add { name: "a".into(), amount: 6 });
    drive.send(Add { name: "größe \"x\" \\ \n".into(), amount: 1 << 60 });
    drive.send(Subtract { name: "a".into(), amount: 100 });
    drive.send(FanOut { name: "b".into(), times: 20 });
    drive.internal(10);
    let data = BTreeMap::from([(Arc::from("schlüssel"), Arc::from("wert"))]);
    drive.send(Label { name: "a".into(), ratio: None, data });
    // names inside data are the user's, even if they look like ours
    let data = BTreeMap::from([(Arc::from("nm"), Arc::from("k")), (Arc::from(""), Arc::from(""))]);
    drive.send(Label { name: "a".into(), ratio: None, data });
    drive.control(Control::ClockOffsetChanged { offset_ms: -5 });
    drive.control(Control::LimitsChanged { limits: Limits::default() });
    drive.control(Control::Floor { hash: [200; 32] });
    drive
}

async fn store(it: &Fixture, drive: &Drive<Toy>) {
    let (mut appender, expected) = it.writer().await;
    let last = drive.stored.last().unwrap();
    let next = dacapo_log::wire::Head { position: drive.position(), hash: last.hash, ..expected };
    let frames = drive.stored.clone();
    let batch = Batch { expected, next, frames, inbox_done: vec![], rows: None };
    assert!(matches!(appender.append(Arc::new(batch)).await, Appended::Done));
}

fn values() -> Vec<Value> {
    let mut values: Vec<Value> = TEXTS.into_iter().map(parse).collect();
    for size in [31, 32, 255, 256, 65_535, 65_536] {
        values.push(parse(&format!("\"{}\"", "x".repeat(size))));
    }
    for size in [15, 16, 65_536] {
        values.push(parse(&format!("[{}]", vec!["1"; size].join(","))));
        let pairs: Vec<String> = (0..size.min(300)).map(|it| format!("\"k{it}\":{it}")).collect();
        values.push(parse(&format!("{{{}}}", pairs.join(","))));
    }
    values.push(parse(&format!("{}1{}", "[".repeat(60), "]".repeat(60))));
    values.extend(DATES.map(|it| Value::Date(it.parse().unwrap())));
    values.extend(TIMES.map(|it| Value::Time(it.parse().unwrap())));
    values.extend(DATE_TIMES.map(|it| Value::DateTime(it.parse().unwrap())));
    values.extend(DAYS.map(|it| Value::DaysDuration(it.parse().unwrap())));
    values.extend(MONTHS.map(|it| Value::MonthsDuration(it.parse().unwrap())));
    values
}

fn parse(text: &str) -> Value {
    json::parse(text, &json::JsonLimits::default()).unwrap()
}

#[rustfmt::skip]
const TEXTS: [&str; 38] = [
    "null", "true", "[]", "{}", "0", "1", "127", "128", "255", "256", "65535", "65536", "4294967295",
    "4294967296", "18446744073709551615", "-1", "-32", "-33", "-128", "-129", "-32768", "-32769",
    "-2147483649", "-9223372036854775808", "1.5", "-0.001", "12.50", "9999999999999999999999999999999999",
    "0.0000000000000000000000000000000001", "-1.000", "18446744073709551616", "1e3", "1.5e300", "1e-300",
    r#""""#, r#""ä€😀""#, r#""a\u0000b""#, r#"{"a": [1, {"b": null}], "name": {"nm": "\"\\\n"}}"#,
];
const DATES: [&str; 7] = [
    "1970-01-01",
    "2024-02-29",
    "1969-12-31",
    "-0044-03-15",
    "0000-01-01",
    "12345-06-07",
    "-999999999-01-01",
];
const TIMES: [&str; 5] =
    ["00:00:00", "23:59:59.999999999", "12:30:00.5Z", "01:02:03+05:30", "01:02:03-11:59:30"];
const DATE_TIMES: [&str; 3] =
    ["2026-11-21T09:08:00Z", "1582-10-15T00:00:00.000001", "-0001-12-31T23:59:59-01:00"];
const DAYS: [&str; 6] =
    ["PT0S", "P1D", "PT1H", "-P2DT3H4M5.006S", "PT0.000000001S", "P106751991167DT1S"];
const MONTHS: [&str; 5] = ["P0M", "P1M", "P1Y", "-P2Y3M", "P12M"];
