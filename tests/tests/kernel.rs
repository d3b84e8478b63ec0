//! The kernel, proved by counters: what is decided live is what replay finds, at every position and after every accident.

use dacapo_engine::kernel::{
    Both, Content, DigestMode, Either, Engine, Frame, Machine, Outcome, Stepped,
};
use dacapo_engine::record::Limits;
use dacapo_log::replay;
use dacapo_log::wire::snapshot::{self, SnapshotChunk};
use dacapo_log::wire::{Chain, Follower, ReadLimits, StoredFrame};
use dacapo_tests::drive::{Drive, small_limits};
use dacapo_tests::notes::{self, Notes};
use dacapo_tests::script::{self, acts};
use dacapo_tests::toy::{Add, FanOut, Loop, Roll, SetTimer, Toy};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// I-DET-1: the digest that the writer had is the digest that replay finds, at every position.
    #[test]
    fn replay_finds_the_writers_digest_at_every_position(acts in acts(40)) {
        let log = script::log(&acts);
        let mut engine = Engine::<Toy>::new(DigestMode::Every);
        for frame in &log.frames {
            engine.replay(frame).expect("the frame fits");
            prop_assert_eq!(engine.full_digest(), engine.digest());
            prop_assert_eq!(engine.digest().short(), frame.digest);
        }
        prop_assert_eq!(engine.place(), log.engine.place());
    }

    /// I-DET-1: following the stored bytes without decoding commands gives the same state.
    #[test]
    fn following_stored_bytes_gives_the_same_state(acts in acts(40)) {
        let mut log = script::log(&acts);
        let mut follower = Follower::<Toy>::new(DigestMode::OnDemand, ReadLimits::UNTRUSTED);
        for stored in &log.stored {
            follower.push_stored(&stored.body, &stored.hash).expect("the frame fits");
        }
        prop_assert_eq!(follower.engine_mut().digest(), log.engine.digest());
    }

    /// I-SNAP-1: a snapshot anywhere and the frames after it give the state of the whole log.
    #[test]
    fn a_snapshot_and_the_tail_give_the_state_of_the_whole_log(
        acts in acts(30),
        part in 0.0..1.0_f64,
    ) {
        let mut log = script::log(&acts);
        let at = 2 + ((log.stored.len() - 2) as f64 * part) as usize;
        let (header, chunks) = taken_at(&log.stored, at);
        let engine = snapshot::load::<Toy>(&header, &chunks, DigestMode::Every).expect("whole");
        let mut follower = Follower::from_engine(engine, header.hash, ReadLimits::TRUSTED);
        for stored in &log.stored[at..] {
            follower.push_stored(&stored.body, &stored.hash).expect("the frame fits");
        }
        prop_assert_eq!(follower.engine_mut().full_digest(), log.engine.digest());
    }

    /// A refused command changes nothing but which requests are remembered.
    #[test]
    fn a_refused_command_changes_nothing_but_requests(acts in acts(40)) {
        let log = script::log(&acts);
        let mut engine = Engine::<Toy>::new(DigestMode::Every);
        for frame in &log.frames {
            engine.replay(frame).expect("the frame fits");
            if let Content::Step(_, Outcome::Rejected(_)) = &frame.content {
                for change in engine.changes() {
                    let is_about_requests = change.table.starts_with("request");
                    let is_tenant = change.table.starts_with("symbol") && change.before.is_none();
                    prop_assert!(is_about_requests || is_tenant, "{:?}", change);
                }
            }
        }
    }

    /// Taking a frame back is the identity, any number of times.
    #[test]
    fn taking_frames_back_gives_the_states_before(acts in acts(30)) {
        let log = script::log(&acts);
        let mut engine = Engine::<Toy>::new(DigestMode::Every);
        let (mut undos, mut places) = (Vec::new(), Vec::new());
        for frame in &log.frames {
            let before = engine.place();
            engine.replay(frame).expect("the frame fits");
            undos.push(engine.take_undo(before));
            places.push(before);
        }
        while let Some((undo, before)) = undos.pop().zip(places.pop()) {
            engine.undo(undo);
            prop_assert_eq!(engine.place(), before);
            prop_assert_eq!(engine.full_digest(), before.digest);
        }
        for frame in &log.frames {
            engine.replay(frame).expect("the frame fits again");
        }
    }

    /// MR-1: work that is parked survives a crash at any step: whoever goes on reaches the same records.
    #[test]
    fn parked_work_survives_a_crash_at_any_step(times in 1_u32..60, events in 1_u32..10) {
        let limits = Limits { step_events: events, ..small_limits() };
        let mut drive = Drive::<Toy>::new(limits);
        drive.send(FanOut { name: "a".into(), times });
        drive.send(Loop { name: "b".into(), times });
        while drive.internal(1) > 0 {}
        for crash in 2..drive.frames.len() {
            let mut next = Engine::<Toy>::new(DigestMode::Every);
            for frame in &drive.frames[..crash] {
                next.replay(frame).expect("the frame fits");
            }
            for frame in &drive.frames[crash..] {
                let again = step_again(&mut next, frame);
                prop_assert_eq!(&again, frame);
            }
            prop_assert!(next.next_command(drive.now).is_none());
        }
    }

    /// I-DET-5: the same commands give the same records in a second engine.
    #[test]
    fn the_same_commands_give_the_same_records(acts in acts(40)) {
        let (one, two) = (script::log(&acts), script::log(&acts));
        prop_assert_eq!(one.stored, two.stored);
    }
}

/// A2: a step that would run for ever ends at its budget, and others take turns with what is left.
#[test]
fn a_loop_never_holds_a_step_longer_than_its_budget() {
    let mut drive = Drive::<Toy>::new(small_limits());
    drive.send(Loop { name: "a".into(), times: 1_000_000 });
    for turn in 0..50 {
        assert_eq!(drive.internal(1), 1);
        drive.send(Add { name: format!("other-{turn}").as_str().into(), amount: 1 });
    }
    assert!(drive.frames.iter().all(|frame| frame.count() <= 12));
}

/// A command for an entity whose work is parked is refused by the machine, by name.
#[test]
fn a_busy_counter_refuses_until_its_work_is_done() {
    let mut drive = Drive::<Toy>::new(small_limits());
    drive.send(FanOut { name: "a".into(), times: 20 });
    let refused = drive.send(Add { name: "a".into(), amount: 1 });
    assert_eq!(code(&refused), Some("counter_busy"));
    while drive.internal(1) > 0 {}
    let added = drive.send(Add { name: "a".into(), amount: 1 });
    assert_eq!(code(&added), None);
}

/// I-TMR-1: due timers and parked work take turns, so that neither starves the other.
#[test]
fn due_timers_and_parked_work_take_turns() {
    let mut drive = Drive::<Toy>::new(small_limits());
    drive.send(Loop { name: "a".into(), times: 1_000 });
    (0..3).for_each(|_| {
        drive.send(SetTimer { name: "b".into(), after_ms: 1 });
    });
    drive.now.0 += 10;
    drive.internal(12);
    let fired = drive.frames.iter().filter(|frame| {
        matches!(&frame.content, Content::Step(command, _) if format!("{command:?}").contains("FireTimer"))
    });
    assert_eq!(fired.count(), 3);
}

/// Randomness is drawn from the log: another position draws another number, the same one draws the same.
#[test]
fn draws_differ_by_position_and_repeat_on_replay() {
    let mut drive = Drive::<Toy>::new(small_limits());
    let rolls: Vec<_> = (0..4).map(|_| drive.send(Roll { name: "a".into() })).collect();
    let amounts: std::collections::BTreeSet<String> = rolls
        .iter()
        .map(|stepped| match stepped {
            Stepped::Frame(Frame {
                content: Content::Step(_, Outcome::Events(events)), ..
            }) => {
                format!("{:?}", events.last().map(|it| &it.event))
            }
            _ => String::new(),
        })
        .collect();
    assert!(amounts.len() > 2, "{amounts:?}");
}

/// I-ACK-3: remembered requests are forgotten by log time, and only then.
#[test]
fn a_request_is_forgotten_after_its_retention() {
    let mut drive = Drive::<Toy>::new(small_limits());
    let add = || Add { name: "a".into(), amount: 1 };
    drive.request(Some("r"), add());
    drive.now.0 += 9_999;
    assert!(matches!(drive.request(Some("r"), add()), Stepped::Duplicate(_)));
    drive.now.0 += 1;
    drive.send(add());
    assert!(matches!(drive.request(Some("r"), add()), Stepped::Frame(_)));
}

/// Two machines on one log: each sees its own tables, and one replay restores both.
#[test]
fn two_machines_on_one_log_replay_together() {
    let mut drive = Drive::<Both<Toy, Notes>>::new(small_limits());
    for turn in 0..5 {
        drive.send(Either::First(Add { name: "a".into(), amount: turn }.into()));
        drive.send(Either::Second(notes::Write { text: "note".into() }.into()));
        drive.send(Either::First(FanOut { name: "b".into(), times: 20 }.into()));
        while drive.internal(1) > 0 {}
    }
    let mut engine = Engine::<Both<Toy, Notes>>::new(DigestMode::Every);
    drive.frames.iter().for_each(|frame| engine.replay(frame).expect("the frame fits"));
    let tables = &engine.state().tables;
    assert_eq!((tables.first.counters.count(), tables.second.notes.count()), (2, 5));
    assert!(replay::diff(engine.state(), drive.engine.state()).is_empty());
}

/// S3, I-SNAP-2: a snapshot that is damaged, incomplete, of another place or of another machine is not loaded.
#[test]
fn a_snapshot_that_does_not_verify_is_not_loaded() {
    let log = script::log(&[]);
    let mut drive = log;
    (0..50).for_each(|turn| {
        drive.send(Add { name: format!("counter-{turn}").as_str().into(), amount: turn });
    });
    let (header, chunks) = taken_at(&drive.stored, drive.stored.len());
    let load = |header: &snapshot::SnapshotHeader, chunks: &[SnapshotChunk]| {
        snapshot::load::<Toy>(header, chunks, DigestMode::Every).map(|engine| engine.place())
    };
    assert!(load(&header, &chunks).is_ok());
    for byte in (0..chunks[0].body.len()).step_by(7) {
        let mut damaged = chunks.clone();
        damaged[0].body[byte] ^= 0x10;
        assert!(load(&header, &damaged).is_err(), "byte {byte}");
        damaged[0].hash = dacapo_log::wire::leaf(&damaged[0].body);
        assert!(load(&header, &damaged).is_err(), "byte {byte}, with its hash made to fit");
    }
    assert!(load(&header, &[]).is_err());
    assert!(load(&header, &[chunks.clone(), chunks.clone()].concat()).is_err());
    let mut other = header.clone();
    other.incarnation += 1;
    assert!(load(&other, &chunks).is_err());
    other = header.clone();
    other.semantics += 1;
    assert!(load(&other, &chunks).is_err());
    assert!(snapshot::load::<Notes>(&header, &chunks, DigestMode::Every).is_err());
}

/// A snapshot is cut into chunks of at most a mebibyte, also within a row.
#[test]
fn a_large_snapshot_is_cut_into_chunks() {
    let mut drive = Drive::<Toy>::new(Limits::default());
    let data = [("text".into(), "x".repeat(5 << 19).as_str().into())].into();
    drive.send(dacapo_tests::toy::Label { name: "a".into(), ratio: None, data });
    let (header, chunks) = taken_at(&drive.stored, drive.stored.len());
    assert_eq!(header.chunks, 3);
    assert!(chunks.iter().all(|chunk| chunk.body.len() <= snapshot::CHUNK_BYTES_MAX));
    let loaded = snapshot::load::<Toy>(&header, &chunks, DigestMode::Every).expect("whole");
    assert_eq!(loaded.place(), drive.engine.place());
}

fn taken_at(stored: &[StoredFrame], at: usize) -> (snapshot::SnapshotHeader, Vec<SnapshotChunk>) {
    let mut follower = Follower::<Toy>::new(DigestMode::OnDemand, ReadLimits::TRUSTED);
    for frame in &stored[..at] {
        follower.push_stored(&frame.body, &frame.hash).expect("the frame fits");
    }
    let chain: Chain = follower.chain();
    snapshot::take(follower.engine_mut(), chain).expect("a snapshot")
}

fn step_again(engine: &mut Engine<Toy>, frame: &Frame<Toy>) -> Frame<Toy> {
    let Content::Step(command, _) = &frame.content else { panic!("expected a step") };
    match engine.step(frame.header.clone(), command.clone()) {
        Ok(Stepped::Frame(again)) => again,
        other => panic!("expected a frame, found {other:?}"),
    }
}

fn code<M: Machine>(stepped: &Stepped<M>) -> Option<&'static str> {
    match stepped {
        Stepped::Frame(Frame { content: Content::Step(_, Outcome::Rejected(it)), .. }) => {
            Some(it.code.name)
        }
        _ => None,
    }
}
