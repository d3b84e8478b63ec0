//! What an instance waits for, and what nearly ended the wait.

use dacapo_engine::kernel::View;
use dacapo_engine::process::near::{NearMiss, near_misses};
use dacapo_engine::process::view::{Why, WhyTree, why};
use dacapo_engine::record::{Key, Position, Timestamp};

use super::{Log, frames, trail};

const PAID: &str = "start -> paid:receive(paid, =id) -> end";

fn waits(log: &Log, instance: Key) -> Vec<Why> {
    fn all(tree: WhyTree, found: &mut Vec<Why>) {
        found.extend(tree.waits);
        tree.children.into_iter().for_each(|it| all(it, found));
    }
    let mut player = log.player();
    player.seek(&dacapo_log::replay::Target::End).expect("it is played");
    let (state, models) = player.state_and_cache();
    let view = View { kernel: &state.kernel, tables: &state.tables };
    let mut found = Vec::new();
    all(why(&view, models, instance).expect("it runs"), &mut found);
    found
}

/// Lists what the log tells up to a position, and what the state at its end does.
fn near(log: &Log, instance: Key, at: Option<Position>) -> Vec<(&'static str, String)> {
    let player = log.player();
    let frames = frames(&player);
    let trail = trail(&frames);
    let frame_of = |at: Position| {
        frames.iter().find(|it| it.header.position <= at && at <= it.last()).cloned()
    };
    let mut found: Vec<NearMiss> = Vec::new();
    for it in waits(log, instance) {
        if at.is_none() {
            found.extend(near_misses(&log.view(), &it));
        }
        trail.near_misses(&it, at.unwrap_or(trail.last()), &frame_of, &mut found);
    }
    found.into_iter().map(|it| (it.kind.name(), it.found.to_string())).collect()
}

fn publish(log: &mut Log, name: &str, key: &str, time_to_live_ms: i64) -> Position {
    log.ask(
        "message.publish",
        &format!(
            "{{\"message_name\": \"{name}\", \"correlation_key\": \"{key}\", \"time_to_live_ms\": {time_to_live_ms}, \"variables\": {{}}}}"
        ),
    )
}

fn is(kind: &'static str, found: &str) -> (&'static str, String) {
    (kind, found.to_owned())
}

#[test]
fn messages_that_are_there_and_not_quite_right_are_near_misses() {
    let mut log = Log::new(&[("pay", PAID)]);
    let instance = log.create("pay", "{\"id\": \"o-1\"}");
    assert!(near(&log, instance, None).is_empty());
    publish(&mut log, "paid", "o-2", 60_000);
    publish(&mut log, "payed", "o-1", 60_000);
    publish(&mut log, "other", "o-3", 60_000);
    assert_eq!(near(&log, instance, None), [is("other_key", "o-2"), is("other_name", "payed")]);

    // One instance of a process has a message; the next one that waits for it does not.
    publish(&mut log, "paid", "o-1", 60_000);
    let second = log.create("pay", "{\"id\": \"o-1\"}");
    let found = near(&log, second, None);
    assert_eq!(found, [is("other_key", "o-2"), is("other_name", "payed"), is("taken", "paid")]);
    log.log.advance_to(Timestamp(120_000)).expect("time passes");
    let over = near(&log, second, None);
    assert!(over.is_empty(), "they expired after the wait began: {over:?}");
}

#[test]
fn messages_that_are_gone_are_near_misses_of_the_log() {
    let mut log = Log::new(&[("pay", PAID)]);
    publish(&mut log, "paid", "o-1", 0);
    publish(&mut log, "paid", "o-1", 1_000);
    let key = "\"correlation_key\": \"o-9\"";
    let name = "\"message_name\": \"paid\"";
    log.ask("message.correlate", &format!("{{{name}, {key}, \"variables\": {{}}}}"));
    publish(&mut log, "paid", "o-5", 1_000);
    log.log.advance_to(Timestamp(5_000)).expect("time passes");
    let instance = log.create("pay", "{\"id\": \"o-1\"}");
    let expected = [is("lost", "o-9"), is("expired", "o-1"), is("lost", "o-1")];
    assert_eq!(near(&log, instance, None), expected);
    let later = log.log.position();
    publish(&mut log, "paid", "o-7", 0);
    assert_eq!(near(&log, instance, Some(later)), expected);
    assert_eq!(near(&log, instance, None)[0], is("lost", "o-7"));
}

#[test]
fn a_job_type_that_no_worker_took_so_far_is_told() {
    let mut log = Log::new(&[("order", "start -> ship:service(ship) -> end")]);
    let instance = log.create("order", "{}");
    let before = log.log.position();
    assert_eq!(near(&log, instance, None), [is("never_taken", "ship")]);
    let ask = "\"worker\": \"w\", \"timeout_ms\": 1000, \"jobs_max\": 1";
    log.ask("job.activate", &format!("{{\"job_type\": \"ship\", {ask}}}"));
    assert!(near(&log, instance, None).is_empty());
    assert_eq!(near(&log, instance, Some(before)), [is("never_taken", "ship")]);
}

#[test]
fn a_join_that_nothing_can_come_to_is_told() {
    let arrows = "start -> split:and
        split -> a:service(a) -> join:and
        split -> b:service(b) -> route:xor
        route -[go]-> c:service(c) -> join
        route -[else]-> done:end
        join -> last:end";
    let mut log = Log::new(&[("order", arrows)]);
    let (stuck, waiting) =
        (log.create("order", "{\"go\": false}"), log.create("order", "{\"go\": true}"));
    let join = |log: &Log, instance: Key| {
        let found = waits(log, instance).into_iter().find_map(|it| match it {
            Why::Join { absent, dead, .. } => Some((absent, dead)),
            _ => None,
        });
        let (absent, dead) = found.expect("it waits at the join");
        (absent.len(), dead.len())
    };
    let complete = |log: &mut Log, instance: Key, job_type: &str| {
        let tables = log.view().tables;
        let symbols = &log.view().kernel.symbols;
        let is_it = |it: &(&Key, &dacapo_engine::process::state::JobRow)| {
            it.1.instance == instance && &*symbols.name(it.1.job_type) == job_type
        };
        let job = *tables.jobs.iter().find(is_it).expect("a job").0;
        log.ask("job.complete", &format!("{{\"job_key\": \"{job}\", \"variables\": {{}}}}"));
    };
    for instance in [stuck, waiting] {
        complete(&mut log, instance, "a");
        assert_eq!(join(&log, instance), (1, 0), "b is active, and may come");
        complete(&mut log, instance, "b");
    }
    assert_eq!(join(&log, stuck), (1, 1), "the token went another way");
    assert_eq!(join(&log, waiting), (1, 0), "c is active");
}
