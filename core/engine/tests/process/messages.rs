//! Messages.

use dacapo_engine::feel::Context;
use dacapo_engine::process::commands::*;

use crate::drive::*;

#[test]
fn messages_find_who_waits() {
    let mut it = Drive::with(&[
        ("m", "s:start -> m:catch(message paid, =k) -> w:service(w) -> e:end"),
        ("n", "s:start -> m:receive(paid, =k) -> e:end"),
    ]);
    // One of two instances of a process, and one of another process.
    let first = it.create("m", &[("k", number(1))]);
    let second = it.create("m", &[("k", number(1))]);
    it.create("n", &[("k", "1".into())]);
    it.ask(publish("paid", "1", 0, &[("a", number(5))])).unwrap();
    let events = it.advance(0);
    assert_eq!(count(&events, "message_subscription.correlated"), 2);
    assert_eq!(count(&events, "message.expired"), 1);
    assert_eq!(it.variable(first, "a"), Some(number(5)));
    assert_eq!(it.variable(second, "a"), None);
    it.cancel(first);
    // At once, or not at all.
    let (message_name, correlation_key) = ("paid".into(), "1".into());
    let correlate = CorrelateMessage { message_name, correlation_key, variables: Context::new() };
    it.ask(correlate.clone()).unwrap();
    it.cancel(second);
    assert!(it.ask(correlate).unwrap_err().starts_with("message_not_awaited"));
    it.assert_empty();
    // Buffered, with an id that is taken until it expires.
    let message =
        PublishMessage { message_id: Some("a".into()), ..publish("paid", "2", 60_000, &[]) };
    it.ask(message.clone()).unwrap();
    it.create("n", &[("k", number(2))]);
    assert!(it.ask(message).unwrap_err().starts_with("message_already_published"));
    assert_eq!(names(&it.advance(60_000)), ["message.expired"]);
    it.assert_empty();
}

#[test]
fn messages_come_beside_activities_and_begin_instances() {
    let mut it = Drive::with(&[
        (
            "b",
            "s:start -> work:service(b) -> e:end ; b:boundary(message ping, =k, on=work, noninterrupting) -> pong:end",
        ),
        ("order", "s:start(message order) -> work:service(o) -> e:end"),
        (
            "g",
            "s:start -> g:events ; g -> t:timer(PT10S) -> late:end ; g -> m:catch(message paid, =k) -> w:service(g) -> ok:end",
        ),
    ]);
    it.create("b", &[("k", number(1))]);
    for _ in 0..2 {
        it.ask(publish("ping", "1", 0, &[])).unwrap();
        assert_eq!(count(&it.advance(0), "message_subscription.correlated"), 1);
    }
    it.finish_job("b", &[]);
    it.assert_empty();
    // One instance per key at a time.
    it.ask(publish("order", "7", 600_000, &[("n", number(1))])).unwrap();
    it.ask(publish("order", "7", 600_000, &[("n", number(2))])).unwrap();
    assert_eq!(count(&it.advance(0), "instance.created"), 1);
    assert_eq!(count(&it.finish_job("o", &[]), "instance.created"), 1);
    assert_eq!(count(&it.finish_job("o", &[]), "instance.created"), 0);
    it.advance(600_000);
    it.assert_empty();
    // Whatever comes first.
    let instance = it.create("g", &[("k", number(1))]);
    it.ask(publish("paid", "1", 0, &[("amount", number(2))])).unwrap();
    it.advance(0);
    assert_eq!(it.variable(instance, "amount"), Some(number(2)));
    assert!(it.advance(10_000).is_empty());
    it.cancel(instance);
    it.create("g", &[("k", number(1))]);
    it.advance(10_000);
    it.assert_empty();
}
