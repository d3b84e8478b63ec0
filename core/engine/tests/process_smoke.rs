//! The process machine end to end, without a log.

#[path = "smoke/drive.rs"]
mod drive;

use dacapo_engine::feel::{Context, Value};
use dacapo_engine::kernel::AnyCommand;
use dacapo_engine::process::Event;
use dacapo_engine::process::commands::*;
use dacapo_engine::process::state::Bytes;
use dacapo_engine::record::Limits;

use drive::*;

#[test]
fn a_job_is_created_activated_completed() {
    let mut it = Drive::with(&[("p", "s:start -> work:service(ship) -> e:end")]);
    let events = it.ask(create("p", &[("n", number(1))])).unwrap();
    let expected = [
        "instance.created",
        "variable.changed",
        "element.activating",
        "element.activated",
        "element.completed",
        "flow.taken",
        "element.activating",
        "element.activated",
        "job.created",
    ];
    assert_eq!(names(&events), expected);
    assert_eq!(names(&it.ask(activate("other")).unwrap()), [""; 0]);
    let job = it.take_job("ship");
    let events = it.ask(complete(job, &[("done", true.into())])).unwrap();
    let expected = [
        "job.completed",
        "variable.changed",
        "element.completed",
        "flow.taken",
        "element.activating",
        "element.activated",
        "element.completed",
        "instance.completed",
    ];
    assert_eq!(names(&events), expected);
    assert!(it.ask(complete(job, &[])).unwrap_err().starts_with("job_not_found"));
    it.assert_empty();
}

#[test]
fn gateways_choose_and_join() {
    let mut it = Drive::with(&[
        ("x", "s:start -> r:xor ; r -[total > 100]-> big:service(big) ; r -[else]-> e:end"),
        (
            "j",
            "s:start -> f:and ; f -> a:service(a) -> j:and ; f -> b:service(b) -> j ; j -> e:end",
        ),
        (
            "surplus",
            "s:start -> f:and ; f -> x:xor ; f -> x ; f -> w:service(w) ; x -> j:and ; w -> j ; j -> e:end",
        ),
    ]);
    it.create("x", &[("total", number(120))]);
    it.finish_job("big", &[]);
    it.create("x", &[("total", number(1))]);
    it.create("j", &[]);
    it.finish_job("b", &[]);
    it.finish_job("a", &[]);
    it.assert_empty();
    let instance = it.create("surplus", &[]);
    it.finish_job("w", &[]);
    let row = it.engine.state().tables.elements.get(&instance).unwrap();
    assert_eq!((row.children, row.tokens), (0, 1));
    it.cancel(instance);
    it.assert_empty();
}

#[test]
fn an_incident_is_resolved() {
    let mut it = Drive::with(&[("x", "s:start -> x:xor ; x -[a]-> e:end ; x -[b]-> f:end")]);
    let scope_key = it.create("x", &[("a", false.into()), ("b", Value::Null)]);
    let message = it.engine.state().tables.incidents.first().unwrap().1.message.to_string();
    assert!(
        message.ends_with("to be true or false, found null; expression 'b'; b = null"),
        "{message}"
    );
    let first = it.incident();
    it.resolve();
    let variables = vars(&[("a", true.into())]);
    it.ask(SetVariables { scope_key, variables, is_local: false }).unwrap();
    assert_ne!(it.incident(), first);
    it.resolve();
    it.assert_empty();
    let again = it.ask(ResolveIncident { incident_key: first });
    assert!(again.unwrap_err().starts_with("incident_not_found"));
}

#[test]
fn a_job_fails_backs_off_and_becomes_an_incident() {
    let mut it = Drive::with(&[("p", "s:start -> work:service(ship) -> e:end")]);
    it.create("p", &[("x", number(1))]);
    let fail = |job_key, retries, backoff_ms| FailJob {
        job_key,
        retries,
        error_message: Some("boom".into()),
        backoff_ms,
        variables: vars(&[("x", number(2))]),
    };
    let job = it.take_job("ship");
    it.ask(fail(job, 2, Some(10_000))).unwrap();
    assert_eq!(it.variable(it.element("work"), "x"), Some(number(2)));
    assert!(it.ask(activate("ship")).unwrap().is_empty());
    assert_eq!(names(&it.advance(9_999)), [""; 0]);
    assert_eq!(names(&it.advance(1)), ["job.backoff_ended"]);
    assert_eq!(it.take_job("ship"), job);
    it.ask(fail(job, 0, None)).unwrap();
    let incident_key = it.incident();
    let early = it.ask(ResolveIncident { incident_key });
    assert!(early.unwrap_err().starts_with("incident_not_resolvable"));
    it.ask(UpdateJob { job_key: job, retries: Some(1), timeout_ms: None }).unwrap();
    it.resolve();
    it.take_job("ship");
    assert_eq!(names(&it.advance(60_000)), ["job.timed_out"]);
    it.ask(complete(job, &[])).unwrap();
    it.assert_empty();
}

#[test]
fn timers_fire_when_due() {
    let mut it = Drive::with(&[
        ("t", "s:start -> t:timer(PT10S) -> e:end"),
        (
            "cycle",
            "s:start -> work:service(w) -> e:end ; b:boundary(timer R3/PT10S, on=work, noninterrupting) -> tick:end",
        ),
        (
            "late",
            "s:start -> work:service(l) -> e:end ; b:boundary(timer PT5S, on=work) -> late:end",
        ),
        ("begin", "s:start(timer R2/PT10S) -> e:end"),
    ]);
    assert_eq!(count(&it.advance(10_000), "instance.completed"), 1);
    assert_eq!(count(&it.advance(10_000), "instance.completed"), 1);
    assert!(it.advance(10_000).is_empty());
    it.create("t", &[]);
    assert!(it.advance(9_999).is_empty());
    assert_eq!(names(&it.advance(1)).first(), Some(&"timer.triggered"));
    it.assert_empty();
    it.create("cycle", &[]);
    assert_eq!(count(&it.advance(10_000), "timer.triggered"), 1);
    assert_eq!(count(&it.advance(25_000), "timer.triggered"), 2);
    assert_eq!(count(&it.advance(10_000), "timer.triggered"), 0);
    it.finish_job("w", &[]);
    it.create("late", &[]);
    let job = it.take_job("l");
    let expected = [
        "timer.triggered",
        "element.activating",
        "job.canceled",
        "element.terminated",
        "element.activated",
        "element.completed",
        "flow.taken",
        "element.activating",
        "element.activated",
        "element.completed",
        "instance.completed",
    ];
    assert_eq!(names(&it.advance(5_000)), expected);
    assert!(it.ask(complete(job, &[])).unwrap_err().starts_with("job_not_found"));
    it.assert_empty();
}

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

#[test]
fn errors_are_caught_from_the_inside_out() {
    let mut it = Drive::with(&[
        (
            "c",
            "s:start -> work:service(c) -> e:end ; all:boundary(error, on=work) -> any:end ; b:boundary(error OOPS, on=work) -> h:service(h) -> oops:end",
        ),
        (
            "sub",
            "s:start -> sub:sub{ i:start -> f:and ; f -> o:end(error OOPS) ; f -> x:service(x) } -> e:end ; b:boundary(error OOPS, on=sub) -> caught:end",
        ),
        ("un", "s:start -> work:service(un) -> e:end"),
        ("end", "s:start -> oops:end(error OOPS)"),
    ]);
    let throw = |job_key| ThrowError {
        job_key,
        error_code: "OOPS".into(),
        error_message: Some("no stock".into()),
        variables: vars(&[("why", number(1))]),
    };
    let instance = it.create("c", &[]);
    let job = it.take_job("c");
    it.ask(throw(job)).unwrap();
    assert_eq!(it.variable(instance, "why"), None);
    it.finish_job("h", &[]);
    it.create("sub", &[]);
    it.assert_empty();
    let instance = it.create("un", &[]);
    let job = it.take_job("un");
    it.ask(throw(job)).unwrap();
    assert!(it.ask(complete(job, &[])).unwrap_err().starts_with("job_not_activated"));
    let incident = it.incident();
    it.resolve();
    assert_ne!(it.incident(), incident);
    it.cancel(instance);
    let instance = it.create("end", &[]);
    it.resolve();
    it.cancel(instance);
    it.assert_empty();
}

#[test]
fn scopes_end_from_the_inside_out() {
    let mut it = Drive::with(&[
        (
            "n",
            "s:start -> sub:sub{ i:start -> in2:sub{ j:start -> work:service(n) -> je:end } -> ie:end } -> e:end",
        ),
        (
            "t",
            "s:start -> sub:sub{ i:start -> f:and ; f -> work:service(t) ; f -> stop:end(terminate) } -> after:service(after) -> e:end",
        ),
        (
            "b",
            "s:start -> sub:sub{ i:start -> f:and ; f -> a:service(a) ; f -> b:service(b) } -> e:end ; t:boundary(timer PT5S, on=sub) -> late:end",
        ),
        (
            "io",
            "s:start -> sub:sub{ i:start -> add:script(y = x + 1) -> ie:end } -> w:service(io) -> e:end ; sub.in(x = =a) ; sub.in(y = =0) ; sub.out(b = =y)",
        ),
    ]);
    let instance = it.create("n", &[]);
    let expected = [
        "element.terminating",
        "element.terminating",
        "element.terminating",
        "job.canceled",
        "element.terminated",
        "element.terminated",
        "element.terminated",
        "instance.terminated",
    ];
    assert_eq!(names(&it.cancel(instance)), expected);
    it.create("n", &[]);
    it.finish_job("n", &[("x", number(1))]);
    it.create("t", &[]);
    it.finish_job("after", &[]);
    it.create("b", &[]);
    it.advance(5_000);
    it.assert_empty();
    let instance = it.create("io", &[("a", number(1))]);
    assert_eq!(it.variable(instance, "b"), Some(number(2)));
    assert_eq!(it.variable(instance, "y"), None);
}

#[test]
fn equal_locals_do_not_leak_and_mappings_see_earlier_ones() {
    let mut it = Drive::with(&[
        ("p", "s:start -> work:service(p) -> e:end ; work.in(a = =2)"),
        (
            "m",
            "s:start -> work:service(m) -> t:timer(PT1S) -> e:end ; work.in(x = =1) ; work.in(y.z = =x + 1) ; work.out(b = =a) ; work.out(c = =b + 1)",
        ),
    ]);
    it.create("p", &[("a", number(1))]);
    let events = it.finish_job("p", &[("a", number(2))]);
    assert_eq!(count(&events, "variable.changed"), 0);
    it.assert_empty();
    let instance = it.create("m", &[]);
    assert_eq!(it.variable(it.element("work"), "y"), Some(vars(&[("z", number(2))]).into()));
    it.finish_job("m", &[("a", number(2)), ("d", number(9))]);
    assert_eq!(it.variable(instance, "b"), Some(number(2)));
    assert_eq!(it.variable(instance, "c"), Some(number(3)));
    assert_eq!(it.variable(instance, "d"), None);
    it.advance(1_000);
    it.assert_empty();
}

#[test]
fn deployments_are_atomic_and_versioned() {
    let mut it = Drive::with(&[("p", "s:start(message order) -> work:service(w)")]);
    let same = resource("p", "s:start(message order) -> work:service(w)");
    let events = it.ask(Deploy { resources: vec![same.clone()] }).unwrap();
    let [Event::DeploymentCreated(created)] = &events[..] else { panic!("{events:?}") };
    assert_eq!(created.unchanged.len(), 1);
    it.deploy(&[("p", "s:start(message order2) -> work:service(w)")]);
    assert_eq!(it.engine.state().tables.start_subscriptions.count(), 1);
    it.ask(publish("order", "", 0, &[])).unwrap();
    assert!(it.advance(0).is_empty());
    it.assert_empty();
    let broken = |name: &str, text: &str| Resource {
        resource_name: name.into(),
        content: Bytes(text.as_bytes().into()),
    };
    let resources = vec![broken("a.bpmn", "<x/>"), broken("b.bpmn", "?"), same];
    let refused = it.ask(Deploy { resources }).unwrap_err();
    assert!(refused.starts_with("resources_not_valid"), "{refused}");
    assert!(refused.contains("a.bpmn") && refused.contains("b.bpmn"), "{refused}");
    assert!(it.ask(create("p", &[])).unwrap_err().starts_with("none_start_event_missing"));
    assert!(it.ask(create("q", &[])).unwrap_err().starts_with("process_not_found"));
    let other = it.step(AnyCommand::Machine(create("p", &[]).into()), "other");
    assert!(other.unwrap_err().starts_with("process_not_found"));
}

#[test]
fn a_wide_fork_is_parked_and_continued() {
    let mut it = Drive::new(Limits { step_events: 20, ..Limits::default() });
    let flows: String = (0..12).map(|n| format!("; f -> w{n}:service(ship)")).collect();
    it.deploy(&[("p", &format!("s:start -> f:and {flows}"))]);
    let scope_key = it.create("p", &[]);
    assert!(it.engine.state().kernel.is_parked(scope_key));
    let busy = it.ask(SetVariables { scope_key, variables: Context::new(), is_local: false });
    assert!(busy.unwrap_err().starts_with("instance_busy"));
    it.advance(0);
    assert_eq!(it.engine.state().tables.jobs.count(), 12);
    it.cancel(scope_key);
    it.advance(0);
    it.assert_empty();
}

#[test]
fn a_circle_is_stopped_by_the_limit_of_elements() {
    let limits = Limits { instance_elements: 50, ..Limits::default() };
    let mut it = Drive::new(limits);
    let circle = "s:start -> x:xor -> w:script(n = n + 1) -> t:timer(PT0S) -> y:xor ; y -[n < 1000]-> x ; y -[else]-> e:end";
    it.deploy(&[("p", circle)]);
    let instance = it.create("p", &[("n", number(0))]);
    it.advance(0);
    let state = it.engine.state();
    assert_eq!(state.tables.incidents.count(), 1);
    assert_eq!(state.tables.instances.get(&instance).unwrap().elements, 50);
    it.cancel(instance);
    it.assert_empty();
}
