//! The core alone, in memory: steps, replay, verify, bytes.

use dacapo::names::process_names;
use dacapo_engine::bpmn::notation;
use dacapo_engine::feel::{Context, Dec34, Value};
use dacapo_engine::kernel::{DigestMode, Engine};
use dacapo_engine::process::Process;
use dacapo_engine::process::commands::{ActivateJobs, CompleteJob, CreateInstance};
use dacapo_engine::record::{Key, Limits};
use dacapo_log::replay::{Verdict, Verifier};
use dacapo_log::wire::{Follower, FrameView, ReadLimits, StoredFrame, decode_view};

use super::report::{ROUNDS, Report, per_second, rounds, timed};
use crate::drive::Drive;
use crate::schedule::deployed;

/// Measures the core.
///
/// # Panics
/// The engine does not do its work.
pub fn run(report: &mut Report) {
    let instances = if report.is_quick() { 2_000 } else { 20_000 };
    if !report.begin(&["core", "log", "replay", "verify"]) {
        return;
    }
    let settings = format!("{instances} one-task instances, activated by 32");
    let mut log = Vec::new();
    let figures = rounds(ROUNDS, || {
        let mut drive = begin();
        let frames_before = drive.frames.len();
        let ((), time) = timed(|| play(&mut drive, instances));
        let steps = (drive.frames.len() - frames_before) as u64;
        log = std::mem::take(&mut drive.stored);
        per_second(steps, time)
    });
    report.add("core: steps, decided and encoded", "steps/s", settings.clone(), figures);
    sizes(report, &log, instances);
    replay(report, &log);
    let settings = format!("{} events in memory", events(&log));
    let figures = rounds(ROUNDS, || per_second(events(&log), timed(|| verify(&log)).1));
    report.add("verify: decided again and compared", "events/s", settings, figures);
}

/// Makes the log of one-task instances that the other measurements read.
pub fn one_task_log(instances: u64) -> Vec<StoredFrame> {
    let mut drive = begin();
    play(&mut drive, instances);
    drive.stored
}

/// The process that the figures are about.
///
/// # Panics
/// It cannot be written.
pub fn one_task() -> String {
    notation::to_xml("p", "s:start -> work:service(bench) -> e:end").expect("a process")
}

fn begin() -> Drive<Process> {
    deployed(&one_task(), Limits::default())
}

fn play(drive: &mut Drive<Process>, instances: u64) {
    for batch in 0..instances.div_ceil(ACTIVATED) {
        let count = ACTIVATED.min(instances - batch * ACTIVATED);
        for number in 0..count {
            let mut variables = Context::new();
            variables
                .insert("order", Value::Number(Dec34::from((batch * ACTIVATED + number) as i64)));
            drive.send(CreateInstance {
                process_id: Some("p".into()),
                version: None,
                process_definition_key: None,
                variables,
                tags: None,
                business_id: None,
            });
        }
        let activate = ActivateJobs {
            job_type: "bench".into(),
            worker: "w".into(),
            timeout_ms: 60_000,
            jobs_max: 32,
            fetch_variables: None,
        };
        drive.send(activate);
        let jobs: Vec<Key> = drive.engine.state().tables.jobs.iter().map(|(key, _)| *key).collect();
        for job_key in jobs {
            drive.send(CompleteJob { job_key, variables: Context::new() });
        }
        drive.now = drive.now.plus_ms(1);
    }
    assert!(drive.engine.state().tables.instances.is_empty(), "every instance ends");
}

fn sizes(report: &mut Report, log: &[StoredFrame], instances: u64) {
    let (bytes, records) = totals(log);
    report.add(
        "log: bytes of one instance",
        "bytes",
        "3 commands and their outcome",
        vec![bytes as f64 / instances as f64],
    );
    report.add(
        "log: records of one instance",
        "records",
        "commands and events",
        vec![records as f64 / instances as f64],
    );
}

fn replay(report: &mut Report, log: &[StoredFrame]) {
    let events = events(log);
    let settings = format!("{events} events in memory");
    let decode = rounds(ROUNDS, || per_second(events, timed(|| evolve_only(log)).1));
    report.add("replay: decode and evolve", "events/s", settings.clone(), decode);
    for (name, mode) in
        [("with chain", DigestMode::OnDemand), ("with chain and digest", DigestMode::Every)]
    {
        let figures = rounds(ROUNDS, || per_second(events, timed(|| follow(log, mode)).1));
        report.add(&format!("replay: {name}"), "events/s", settings.clone(), figures);
    }
}

fn evolve_only(log: &[StoredFrame]) {
    let mut engine = Engine::<Process>::new(DigestMode::OnDemand);
    for frame in log {
        let view = FrameView::parse(&frame.body, &ReadLimits::TRUSTED).expect("a frame");
        let frame = decode_view(&view).expect("a frame");
        engine.replay(&frame).expect("the next frame");
    }
}

fn follow(log: &[StoredFrame], mode: DigestMode) {
    let mut follower = Follower::<Process>::new(mode, ReadLimits::TRUSTED);
    for frame in log {
        follower.push_stored(&frame.body, &frame.hash).expect("the next frame");
    }
}

fn verify(log: &[StoredFrame]) {
    let names = process_names();
    let mut verifier = Verifier::<Process>::new(ReadLimits::TRUSTED, names);
    for frame in log {
        verifier.push_stored(frame).expect("the next frame");
    }
    assert_eq!(verifier.report().overall(), Verdict::ReDerived);
}

/// Counts the events of a log.
pub fn events(log: &[StoredFrame]) -> u64 {
    log.iter().map(|frame| u64::from(frame.count) - 1).sum()
}

fn totals(log: &[StoredFrame]) -> (u64, u64) {
    let bytes = log.iter().map(|frame| frame.body.len() as u64).sum();
    (bytes, log.iter().map(|frame| u64::from(frame.count)).sum())
}

const ACTIVATED: u64 = 32;
