//! Elements and scopes.

use dacapo_engine::process::commands::*;
use dacapo_engine::record::{Key, Limits, Timestamp};

use crate::drive::*;

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

/// Whatever a step leaves over, and whatever happens before the rest is done: the instance ends and leaves nothing.
#[test]
fn scopes_end_however_small_the_steps_are() {
    let models = [
        (
            "bounded",
            "s:start -> sub:sub{ i:start -> f:and ; f -> a:service(a) -> j:and ; f -> in2:sub{ k:start -> g:and ; g -> b:service(b) -> h:and ; g -> c:catch(message m, =1) -> h ; h -> ke:end } -> j ; j -> ie:end ; p:boundary(message p, =1, on=in2, noninterrupting) -> pe:end } -> e:end ; t:boundary(timer PT5S, on=sub) -> late:service(late) -> le:end",
        ),
        (
            "ended",
            "s:start -> sub:sub{ i:start -> f:and ; f -> a:service(a) -> x:end ; f -> b:service(b) -> stop:end(terminate) ; f -> d:service(d) -> y:end(error OOPS) } -> e:end ; o:boundary(error OOPS, on=sub) -> z:end",
        ),
    ];
    for (id, model) in models {
        for step_events in [1, 2, 3, 5, 8] {
            for order in 0..24 {
                let limits = Limits { step_events, ..Default::default() };
                let mut it = Drive::new(limits);
                it.deploy(&[(id, model)]);
                let instance = it.create(id, &[]);
                play(&mut it, order);
                it.advance(5_000);
                while let Some(key) = open_job(&it) {
                    let _ = it.ask(complete(key, &[]));
                    it.advance(0);
                }
                if it.engine.state().tables.instances.contains(&instance) {
                    it.cancel(instance);
                    it.advance(0);
                }
                it.assert_empty();
            }
        }
    }
}

/// Does four things in one of their orders, with none or some of the parked work between.
fn play(it: &mut Drive, order: usize) {
    let mut left = vec![0, 1, 2, 3];
    let mut order = order;
    for count in (1..=4).rev() {
        let next = left.remove(order % count);
        order /= count;
        match next {
            0 => drop(it.ask(publish("m", "1", 0, &[]))),
            1 => drop(it.ask(publish("p", "1", 0, &[]))),
            2 => it.now += 5_000,
            _ => {}
        }
        if let Some(key) = open_job(it) {
            let _ = it.ask(complete(key, &[]));
        }
        for _ in 0..next {
            let now = Timestamp(it.now);
            if let Some(internal) = it.engine.next_command(now) {
                let tenant = internal.tenant.to_string();
                it.step(internal.command, &tenant).unwrap();
            }
        }
    }
}

fn open_job(it: &Drive) -> Option<Key> {
    it.engine.state().tables.jobs.first().map(|(key, _)| *key)
}
