//! Commands.

use dacapo_engine::feel::{Context, Value};
use dacapo_engine::kernel::AnyCommand;
use dacapo_engine::process::Event;
use dacapo_engine::process::commands::*;
use dacapo_engine::process::state::Bytes;
use dacapo_engine::record::Limits;

use crate::drive::*;

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
