//! What the debugger asks a log: where a record comes from, what an instance went through, who would take a message.

use std::sync::Arc;

use dacapo_engine::bpmn::notation;
use dacapo_engine::feel::Value;
use dacapo_engine::feel::json::JsonLimits;
use dacapo_engine::kernel::{DigestMode, Frame, Stepped, View};
use dacapo_engine::process::commands::{Deploy, Resource};
use dacapo_engine::process::lab::{LabError, takers, try_expression, waits_for_messages};
use dacapo_engine::process::state::Bytes;
use dacapo_engine::process::trail::{
    PassageState, Question, Tally, Trail, elements_entered, facts, last_values, visits, writes,
};
use dacapo_engine::process::{FIELDS, Process, State};
use dacapo_engine::record::{Key, Position, Timestamp};
use dacapo_log::replay::{MemoryLog, MemoryOptions, Opening, Player, Target, causes, refusals};
use dacapo_log::wire::{Coded, LoneCommand, Names, ReadLimits, decode, parse_command};

mod near;
mod searching;

struct Log {
    log: MemoryLog<Process>,
    names: Names,
}

impl Log {
    fn new(processes: &[(&str, &str)]) -> Self {
        let log = MemoryLog::new(MemoryOptions::default()).expect("a log begins");
        let mut it = Self { log, names: Names::of::<Process>(FIELDS).with_values() };
        for (id, arrows) in processes {
            let xml = notation::to_xml(id, arrows).expect("a process");
            let content = Bytes(Arc::from(xml.into_bytes()));
            let resources = vec![Resource { resource_name: format!("{id}.bpmn").into(), content }];
            it.log.submit(LoneCommand::new(Deploy { resources })).expect("it is stepped");
        }
        it
    }

    /// Returns the position of the command.
    fn ask(&mut self, intent: &str, body: &str) -> Position {
        let text = format!("{{\"intent\": \"{intent}\", \"actor\": \"anna\", \"body\": {body}}}");
        let command = parse_command(&text, &self.names, &JsonLimits::default());
        match self.log.submit(command.expect("a command")).expect("it is stepped") {
            Stepped::Frame(frame) => frame.header.position,
            other => panic!("expected a step, found {other:?}"),
        }
    }

    fn create(&mut self, process_id: &str, variables: &str) -> Key {
        let at = self.ask(
            "instance.create",
            &format!("{{\"process_id\": \"{process_id}\", \"variables\": {variables}}}"),
        );
        let state = &self.log.engine().state().tables;
        let born = |key: &&Key| key.parts().position > at;
        *state.instances.iter().map(|(key, _)| key).find(born).expect("an instance")
    }

    fn job(&self, of: Key) -> Key {
        let jobs = &self.log.engine().state().tables.jobs;
        jobs.iter().find(|(_, row)| row.instance == of).map(|(key, _)| *key).expect("a job")
    }

    fn view(&self) -> View<'_, State> {
        self.log.engine().view()
    }

    fn player(&self) -> Player<Process> {
        let limits = ReadLimits::UNTRUSTED;
        Player::open(&self.log.to_file(), limits, DigestMode::Every).expect("a log file")
    }
}

fn frames(player: &Player<Process>) -> Vec<Frame<Process>> {
    let bytes = (0..player.frame_count()).map(|it| player.frame_bytes(it).expect("a frame"));
    bytes.map(|it| decode(it).expect("a frame")).collect()
}

fn trail(frames: &[Frame<Process>]) -> Trail {
    let mut trail = Trail::default();
    frames.iter().for_each(|frame| trail.take(frame));
    trail
}

const ORDER: &str = "start -> ship:service(ship) -> late:timer(PT1H) -> end";

#[test]
fn every_record_leads_back_to_what_a_client_asked_first() {
    let mut log = Log::new(&[("order", ORDER)]);
    let created = log.log.position().next();
    let instance = log.create("order", "{}");
    let job = log.job(instance);
    let done = log.ask("job.complete", &format!("{{\"job_key\": \"{job}\", \"variables\": {{}}}}"));
    log.log.advance_to(Timestamp(3_600_000)).expect("time passes");
    let player = log.player();
    let trail = trail(&frames(&player));
    let led_to = |frame: &Frame<Process>| trail.cause(frame);

    // The last event comes from the due timer, that from the completed job, that from the new instance.
    let last = player.last_position();
    let way = causes(&player, last, led_to).expect("a way");
    let [first, due, armed, complete, born, create] = way[..] else { panic!("{way:?}") };
    assert_eq!((first, complete, create), (last, done, created));
    assert_eq!(born, job.parts().position);
    assert!(armed > done && due > armed, "{way:?}");
    // A command without a cause is a root.
    assert_eq!(causes(&player, created, led_to).expect("a way"), [created]);
    let none = causes(&player, last.next(), led_to).expect_err("no such record");
    assert_eq!(none.code(), "place_not_found");
}

#[test]
fn a_refusal_is_found_and_belongs_to_whom_it_was_addressed() {
    let mut log = Log::new(&[("order", ORDER)]);
    let instance = log.create("order", "{}");
    let job = log.job(instance);
    let retries = format!("{{\"job_key\": \"{job}\", \"retries\": 0}}");
    let asked = log.ask("job.update", &retries);
    log.ask("job.complete", "{\"job_key\": \"7\", \"variables\": {}}");
    let player = log.player();
    let all = refusals(&player, 0, u64::MAX).expect("they can be read");
    let shown: Vec<_> =
        all.iter().map(|it| (it.position, it.intent, it.rejection.code.name)).collect();
    assert_eq!(shown.len(), 2, "{shown:?}");
    assert_eq!((all[0].position, all[0].intent), (asked.next(), "job.update"));
    assert_eq!((all[1].intent, all[1].rejection.code.name), ("job.complete", "job_not_found"));
    assert_eq!(all[0].actor.as_deref(), Some("anna"));
    assert!(refusals(&player, 0, 3).expect("they can be read").is_empty());
    let trail = trail(&frames(&player));
    let steps = &trail.passage(instance).expect("it is known").steps;
    assert_eq!(steps.last(), Some(&asked));
}

#[test]
fn an_instance_tells_where_it_was_and_what_it_knew() {
    let mut log = Log::new(&[("order", ORDER)]);
    let other = log.create("order", "{total: 1}".replace("total", "\"total\"").as_str());
    let instance = log.create("order", "{\"total\": 7}");
    let job = log.job(instance);
    log.ask(
        "job.complete",
        &format!("{{\"job_key\": \"{job}\", \"variables\": {{\"total\": 8}}}}"),
    );
    log.log.advance_to(Timestamp(3_600_000)).expect("time passes");
    let player = log.player();
    let frames = frames(&player);
    let trail = trail(&frames);
    let passage = trail.passage(instance).expect("it is known");
    assert_eq!((passage.state, &*passage.process_id), (PassageState::Completed, "order"));
    assert_eq!(trail.passage(other).expect("it is known").state, PassageState::Active);
    assert_eq!(trail.instance(job), Some(instance));

    let path = elements_entered(instance, &frames);
    let path: Vec<_> = path.iter().map(|id| &**id).collect();
    assert_eq!(path, ["start", "ship", "late", "end"]);
    assert_eq!(last_values(instance, &frames).get("total"), Some(&Value::from(8)));
    assert_eq!(last_values(other, &frames).get("total"), Some(&Value::from(1)));
    let written = writes(instance, &frames);
    let values: Vec<_> = written.iter().map(|it| (&*it.name, &it.value)).collect();
    assert_eq!(values, [("total", &Value::from(7)), ("total", &Value::from(8))]);

    let all = visits(instance, player.last_position(), &frames);
    assert_eq!((all["ship"].completed, all["ship"].active), (1, 0));
    let early = visits(instance, job.parts().position, &frames);
    assert_eq!((early["ship"].completed, early["ship"].active), (0, 1));
    assert!(!early.contains_key("late"));
}

#[test]
fn counts_are_the_same_whichever_way_one_comes() {
    let mut log = Log::new(&[("order", ORDER)]);
    let instance = log.create("order", "{}");
    for number in 0..600 {
        let variables = format!("{{\"number\": {number}}}");
        log.ask(
            "variable.set",
            &format!("{{\"scope_key\": \"{instance}\", \"variables\": {variables}}}"),
        );
    }
    let job = log.job(instance);
    log.ask("job.complete", &format!("{{\"job_key\": \"{job}\", \"variables\": {{}}}}"));
    log.log.advance_to(Timestamp(3_600_000)).expect("time passes");
    let player = log.player();
    let frames = frames(&player);
    let trail = trail(&frames);
    let steps = &trail.passage(instance).expect("it is known").steps;
    assert!(steps.len() > 600);
    let frame_of = |at: Position| {
        let number = player.frame_number(at).expect("a frame");
        Ok::<_, ()>(frames[number as usize].clone())
    };
    let mut tally = Tally::new(instance);
    let end = player.last_position().0;
    for at in [end, 1, end / 2, end / 2 - 1, end, end - 1, 9, 10, 700, 11, end] {
        let found = tally.until(steps, Position(at), frame_of).expect("frames");
        assert_eq!(found, visits(instance, Position(at), &frames), "at {at}");
    }
    let all = tally.until(steps, Position(end), frame_of).expect("frames");
    assert_eq!(all["late"].time_ms, 3_600_000);
}

#[test]
fn a_predicate_turns_true_where_the_variable_is_written() {
    let mut log = Log::new(&[("order", ORDER)]);
    let instance = log.create("order", "{\"total\": 7}");
    let job = log.job(instance);
    let done = log.ask(
        "job.complete",
        &format!("{{\"job_key\": \"{job}\", \"variables\": {{\"total\": 8}}}}"),
    );
    let mut player = log.player();
    let trail = trail(&frames(&player));
    let question = Question::parse("= total > 7 and list contains(elements, \"late\")");
    let question = question.expect("an expression");
    let mut first = None;
    for at in trail.passage(instance).expect("it is known").steps.clone() {
        player.seek(&Target::Position(at)).expect("it is there");
        let facts = facts(&player.engine().view(), instance, at);
        if question.holds(&facts, Timestamp(0)).expect("it is evaluated") && first.is_none() {
            first = Some(at);
        }
    }
    assert_eq!(first, Some(done));
    assert!(Question::parse("= total >").is_err());
}

#[test]
fn who_would_take_a_message_is_who_takes_it() {
    let waits = "start -> paid:receive(paid, =id) -> end";
    let begins = "begin:start(message paid) -> end";
    let mut log = Log::new(&[("first", waits), ("second", waits), ("third", begins)]);
    let oldest = log.create("first", "{\"id\": \"o-1\"}");
    log.create("first", "{\"id\": \"o-1\"}");
    log.create("second", "{\"id\": \"o-2\"}");
    assert_eq!(waits_for_messages(&log.view()).len(), 4);

    let found = takers(&log.view(), "<default>", "paid", "o-1");
    let shown: Vec<_> = found.iter().map(|it| (&*it.process_id, it.process_instance_key)).collect();
    assert_eq!(shown, [("first", Some(oldest)), ("third", None)]);
    assert_eq!(&*found[0].element_id, "paid");
    assert!(takers(&log.view(), "<default>", "unpaid", "o-1").is_empty());
    assert!(takers(&log.view(), "nobody", "paid", "o-1").is_empty());

    let before = log.log.engine().state().tables.instances.count();
    let body = "{\"message_name\": \"paid\", \"correlation_key\": \"o-1\", \"time_to_live_ms\": 0, \"variables\": {}}";
    log.ask("message.publish", body);
    let instances = &log.log.engine().state().tables.instances;
    assert!(!instances.contains(&oldest), "it went on and ended");
    // The one that the start event began has ended too.
    assert_eq!(instances.count(), before - 1);
}

#[test]
fn an_expression_is_tried_with_what_is_visible() {
    let mut log = Log::new(&[("order", ORDER)]);
    let instance = log.create("order", "{\"total\": 7}");
    let tried = |source: &str, scope| try_expression(&log.view(), scope, source, Timestamp(0));
    assert_eq!(tried("=total * 2", Some(instance)).expect("a value").value, Value::from(14));
    let none = tried("total * 2", None).expect("a value");
    assert_eq!(none.value, Value::Null);
    assert!(!none.warnings.is_empty());
    assert!(matches!(tried("total *", Some(instance)), Err(LabError::Parse(_))));
}

#[test]
fn a_log_that_comes_bit_by_bit_is_the_log() {
    let mut log = Log::new(&[("order", ORDER)]);
    for _ in 0..20 {
        log.create("order", "{\"total\": 7}");
    }
    let file = log.log.to_file();
    let mut whole = log.player();
    whole.seek(&Target::End).expect("it is played");
    for size in [1, 7, 333, file.len()] {
        let mut opening = Opening::new(0, ReadLimits::UNTRUSTED);
        for chunk in file.chunks(size) {
            opening.push(chunk);
            while opening.read(2).expect("it is whole so far") {}
        }
        let mut player = opening.finish::<Process>(DigestMode::Every).expect("it is whole");
        player.seek(&Target::End).expect("it is played");
        assert_eq!(player.engine().place(), whole.engine().place());
    }
}

#[test]
fn what_is_wrong_with_a_log_that_comes_bit_by_bit_is_what_is_wrong_with_it_whole() {
    let mut log = Log::new(&[("order", ORDER)]);
    log.create("order", "{\"total\": 7}");
    let file = log.log.to_file();
    let problem = |file: &[u8], size: usize| {
        let mut opening = Opening::new(file.len(), ReadLimits::UNTRUSTED);
        for chunk in file.chunks(size) {
            opening.push(chunk);
            while opening.read(3).map_err(|error| (error.code(), error.position()))? {}
        }
        let done = opening.finish::<Process>(DigestMode::Every);
        done.map(drop).map_err(|error| (error.code(), error.position()))
    };
    let whole = |file: &[u8]| {
        let player = Player::<Process>::open(file, ReadLimits::UNTRUSTED, DigestMode::Every);
        player.map(drop).map_err(|error| (error.code(), error.position()))
    };
    for cut in (0..file.len()).step_by(97) {
        assert!(whole(&file[..cut]).is_err());
        assert_eq!(problem(&file[..cut], 61), whole(&file[..cut]), "cut at {cut}");
    }
    for at in (0..file.len()).step_by(53) {
        let mut damaged = file.clone();
        damaged[at] ^= 1;
        assert_eq!(problem(&damaged, 61).is_err(), whole(&damaged).is_err(), "byte {at}");
    }
    let mut longer = file.clone();
    longer.push(0);
    assert_eq!(problem(&longer, 61), whole(&longer));
    assert_eq!(problem(b"no log at all", 5), whole(b"no log at all"));
}
