//! Logs played forward and back, compared, forked and verified.

use dacapo_engine::kernel::{
    AnyCommand, AnyEvent, Content, DigestMode, Engine, EventRecord, Frame, Outcome,
};
use dacapo_engine::record::{Control, PartitionId, Position, SEMANTICS, Timestamp};
use dacapo_log::replay::{
    self, Doubt, ForkCommand, PlayError, Player, Target, Verdict, Verifier, VerifyError,
};
use dacapo_log::wire::{
    self, Chain, FollowError, LogFileHeader, LogFileItem, LogFileReader, LogFileWriter, Names,
    ReadLimits, StoredFrame,
};
use dacapo_tests::drive::{Drive, small_limits};
use dacapo_tests::script::{self, acts};
use dacapo_tests::toy::{Add, Added, Event, FIELDS, FanOut, SetTimer, Subtract, Toy};
use proptest::prelude::*;

fn player(log: &Drive<Toy>) -> Player<Toy> {
    Player::from_stored(&log.stored, DigestMode::Every).expect("a whole log")
}

fn verifier() -> Verifier<Toy> {
    Verifier::new(ReadLimits::UNTRUSTED, Names::of::<Toy>(&FIELDS))
}

/// A log that is long enough for snapshots in memory, with timers and parked work in it.
fn long_log() -> Drive<Toy> {
    let mut drive = Drive::<Toy>::new(small_limits());
    for turn in 0..900_u64 {
        drive.now.0 += 10;
        let name = format!("counter-{}", turn % 7);
        match turn % 5 {
            0 => drive.send(FanOut { name: name.as_str().into(), times: 20 }),
            1 => drive.send(Subtract { name: name.as_str().into(), amount: turn % 3 }),
            2 => drive.send(SetTimer { name: name.as_str().into(), after_ms: 35 }),
            _ => drive.request(
                Some(&format!("r-{turn}")),
                Add { name: name.as_str().into(), amount: turn },
            ),
        };
        drive.internal(3);
    }
    drive
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// I-DBG-1: wherever the player is sent, in whatever order, it stands in the state that the writer had there.
    #[test]
    fn the_player_stands_in_the_writers_state_wherever_it_is_sent(
        acts in acts(30),
        jumps in prop::collection::vec(0.0..1.0_f64, 1..12),
    ) {
        let log = script::log(&acts);
        let mut player = player(&log);
        for jump in jumps {
            let frame = &log.frames[(log.frames.len() as f64 * jump) as usize];
            player.seek(&Target::Position(frame.last())).expect("it is there");
            prop_assert_eq!(player.engine().place().digest.short(), frame.digest);
            prop_assert_eq!(&player.view().expect("a step").frame, frame);
            let changes = player.view().expect("a step").changes.clone();
            if player.step_back().expect("it was there") && player.step_forward().expect("it fits") {
                prop_assert_eq!(&player.view().expect("a step").changes, &changes);
            }
        }
    }

    /// I-DBG-2: a fork whose commands are the original's is the original.
    #[test]
    fn a_fork_without_a_change_is_the_original(acts in acts(30), part in 0.0..1.0_f64) {
        let log = script::log(&acts);
        let mut player = player(&log);
        let at = 1 + ((log.frames.len() - 1) as f64 * part) as usize;
        player.seek(&Target::Position(log.frames[at - 1].last())).expect("it is there");
        let mut fork = player.fork();
        for frame in &log.frames[at..] {
            prop_assert!(fork.step_again(frame).expect("it can be stepped"));
            prop_assert_eq!(&fork.steps().last().expect("a step").frame, frame);
        }
        prop_assert!(fork.diff(log.engine.state()).is_empty());
    }

    /// I-DET-2: every record of a log is derived again, byte by byte; imposed refusals are counted apart.
    #[test]
    fn every_record_is_derived_again(acts in acts(40)) {
        let log = script::log(&acts);
        let mut verifier = verifier();
        for stored in &log.stored {
            verifier.push_stored(stored).expect("it verifies");
        }
        let report = verifier.report();
        let imposed = log.frames.iter().filter(|frame| is_imposed(frame)).count() as u64;
        prop_assert_eq!(report.imposed, imposed);
        prop_assert_eq!(report.re_derived + imposed, log.frames.len() as u64);
        let expected = if imposed == 0 { Verdict::ReDerived } else { Verdict::ChainedOnly };
        prop_assert_eq!(report.overall(), expected);
        prop_assert_eq!(report.ranges.last().map(|range| range.to), Some(log.position()));
    }
}

/// D4: position, command, request id and time; a time means the last step that is not later.
#[test]
fn the_player_finds_positions_requests_and_times() {
    let mut drive = Drive::<Toy>::new(small_limits());
    let add = |amount| Add { name: "a".into(), amount };
    drive.now = Timestamp(2_000);
    drive.request(Some("first"), add(1));
    drive.send(add(2));
    drive.now = Timestamp(3_000);
    drive.request(Some("second"), add(3));
    let mut player = player(&drive);
    let mut at = |target: Target| player.seek(&target).map(|()| player.position().0);
    assert_eq!(at(Target::End), Ok(9));
    assert_eq!(at(Target::Time(Timestamp(2_999))), Ok(7));
    assert_eq!(at(Target::Time(Timestamp(3_000))), Ok(9));
    assert_eq!(at(Target::Time(Timestamp(0))), Ok(0));
    assert_eq!(at(Target::Position(Position(4))), Ok(5), "a step is never half played");
    assert_eq!(at(Target::Before(Position(4))), Ok(2));
    let id = |id: &str| Target::RequestId { tenant: "<default>".into(), request_id: id.into() };
    assert_eq!(at(id("second")), Ok(9));
    assert_eq!(at(id("first")), Ok(5));
    assert_eq!(at(id("third")), Err(PlayError::Target(id("third"))));
    let beyond = Target::Position(Position(10));
    assert_eq!(at(beyond.clone()), Err(PlayError::Target(beyond)));
    assert_eq!(at(Target::Start), Ok(0));
    assert!(player.view().is_none());
    assert!(!player.step_back().expect("nothing to do"));
    assert!(player.step_forward().expect("genesis"));
}

/// A log of thousands of records is walked backwards and jumped through by way of snapshots.
#[test]
fn a_long_log_is_played_in_any_direction() {
    let log = long_log();
    assert!(log.position().0 > 4_000, "{:?}", log.position());
    let mut player = player(&log);
    player.seek(&Target::End).expect("it is there");
    for frame in log.frames.iter().rev().skip(1).take(600) {
        assert!(player.step_back().expect("it was there"));
        assert_eq!(player.view().map(|view| &view.frame), Some(frame));
    }
    for (number, frame) in log.frames.iter().enumerate().step_by(97) {
        player.seek(&Target::Position(frame.header.position)).expect("it is there");
        assert_eq!(player.frames_played(), number as u64 + 1);
        assert_eq!(player.engine().place().digest.short(), frame.digest);
        assert_eq!(player.frame_number(frame.last()), Some(number as u64));
    }
}

#[test]
fn a_difference_of_two_places_names_the_rows() {
    let mut drive = Drive::<Toy>::new(small_limits());
    drive.send(Add { name: "a".into(), amount: 1 });
    drive.send(Add { name: "b".into(), amount: 2 });
    drive.send(Add { name: "a".into(), amount: 3 });
    let mut player = player(&drive);
    player.seek(&Target::Position(Position(1))).expect("it is there");
    let position = |at| Target::Position(Position(at));
    let changes = player.diff(&position(5), &position(10)).expect("both are there");
    let tables: Vec<_> = changes.iter().map(|change| change.table).collect();
    assert_eq!(tables, ["symbol_name", "symbol_number", "counters", "counters", "names"]);
    let is_changed: Vec<_> = changes.iter().map(|it| it.before.is_some()).collect();
    assert_eq!(is_changed, [false, false, true, false, false]);
    assert_eq!(player.position(), Position(1), "it came back");
    let back = player.diff(&position(10), &position(5)).expect("both are there");
    assert!(back.iter().zip(&changes).all(|(a, b)| a.before == b.after && a.after == b.before));
    assert_eq!(player.diff(&position(5), &position(5)), Ok(Vec::new()));
}

/// What if: another command, another time; the original and its log stay as they are.
#[test]
fn a_fork_goes_its_own_way() {
    let mut drive = Drive::<Toy>::new(small_limits());
    drive.send(Add { name: "a".into(), amount: 1 });
    drive.send(SetTimer { name: "a".into(), after_ms: 1_000 });
    let mut player = player(&drive);
    player.seek(&Target::End).expect("it is there");
    let mut fork = player.fork();
    assert_eq!(fork.step_internal(Timestamp(1_999), 5), Ok(0));
    assert_eq!(fork.step_internal(Timestamp(2_000), 5), Ok(1));
    let command = ForkCommand {
        now: Timestamp(0),
        tenant: "<default>".into(),
        key: None,
        request_id: None,
        actor: None,
        command: AnyCommand::Machine(Subtract { name: "a".into(), amount: 2 }.into()),
    };
    assert_eq!(fork.step(command), Ok(true));
    let last = fork.steps().last().expect("a step");
    assert_eq!(last.frame.header.timestamp, Timestamp(2_000), "time never goes back");
    assert_eq!((last.hash, fork.left_at()), (None, drive.position()));
    assert!(matches!(&last.frame.content, Content::Step(_, Outcome::Events(_))));
    assert_eq!(fork.diff(player.engine().state()).len(), 3, "a counter, a timer and its time");
    assert!(replay::diff(player.engine().state(), drive.engine.state()).is_empty());
}

/// S2: an event that was changed is found even where digest and hashes were made to fit, with its record and field.
#[test]
fn a_forged_event_is_found_by_record_and_field() {
    let mut drive = Drive::<Toy>::new(small_limits());
    drive.send(Add { name: "a".into(), amount: 5 });
    drive.send(Add { name: "a".into(), amount: 6 });
    let forged = forge(&drive, |frames| {
        let Content::Step(_, Outcome::Events(events)) = &mut frames[2].content else { panic!() };
        let AnyEvent::Machine(Event::Added(Added { amount })) = &mut events[1].event else {
            panic!()
        };
        *amount = 5_000;
    });
    assert!(Player::<Toy>::from_stored(&forged, DigestMode::Every).is_ok(), "the chain is whole");
    let mut verifier = verifier();
    let error = forged.iter().find_map(|frame| verifier.push_stored(frame).err());
    let Some(VerifyError::Diverged(difference)) = error else { panic!("{error:?}") };
    assert_eq!(difference.position, Position(5));
    assert_eq!(difference.field, "records.1.body.amount");
    assert_eq!((&*difference.expected, &*difference.found), ("5000", "5"));
    let report = verifier.report();
    assert_eq!(report.overall(), Verdict::NotVerifiable);
    let verdicts: Vec<_> = report.ranges.iter().map(|range| (range.verdict, range.to.0)).collect();
    assert_eq!(verdicts, [(Verdict::ReDerived, 2), (Verdict::NotVerifiable, 5)]);
    assert_eq!(verifier.push_stored(&forged[3]), Err(VerifyError::Stopped));
}

/// I-LOG-7: an event too many, one too few, and a command that should have done nothing are found.
#[test]
fn forged_outcomes_are_found() {
    let mut drive = Drive::<Toy>::new(small_limits());
    drive.send(Add { name: "a".into(), amount: 5 });
    let forgeries: [(&str, fn(&mut Vec<Frame<Toy>>)); 3] = [
        ("records", |frames| {
            events(&mut frames[2]).pop();
        }),
        ("records.1.key", |frames| events(&mut frames[2])[1].key.0 ^= 1),
        ("digest", |frames| frames[2].digest[0] ^= 1),
    ];
    for (field, change) in forgeries {
        let forged = forge(&drive, change);
        let mut verifier = verifier();
        let error = forged.iter().find_map(|frame| verifier.push_stored(frame).err());
        let Some(VerifyError::Diverged(difference)) = error else { panic!("{field}: {error:?}") };
        let is_count = difference.field == "count" && field == "records";
        assert!(difference.field == field || is_count, "{difference}");
    }
}

/// A player that meets a frame which does not fit stays before it.
#[test]
fn the_player_stays_before_a_frame_that_does_not_fit() {
    let mut drive = Drive::<Toy>::new(small_limits());
    drive.send(Add { name: "a".into(), amount: 5 });
    drive.send(Add { name: "b".into(), amount: 5 });
    let forged = forge(&drive, |frames| frames[3].digest[0] ^= 1);
    let mut player = Player::<Toy>::from_stored(&forged, DigestMode::Every).expect("whole");
    let error = player.seek(&Target::End).expect_err("another digest");
    assert!(matches!(error, PlayError::Follow(FollowError::Replay(_))), "{error:?}");
    assert_eq!(player.position(), Position(5));
    assert_eq!(player.engine().place().digest.short(), forged_digest(&forged[2]));
    player.seek(&Target::Position(Position(2))).expect("what is before can be played");
}

/// The columns beside the bytes are only an index; a wrong one is named.
#[test]
fn a_column_that_disagrees_with_the_bytes_is_named() {
    let mut drive = Drive::<Toy>::new(small_limits());
    drive.send(Add { name: "a".into(), amount: 5 });
    let mut verifier = verifier();
    drive.stored[1].tenant = "other".into();
    assert!(verifier.push_stored(&drive.stored[0]).is_ok());
    let error = verifier.push_stored(&drive.stored[1]).expect_err("another tenant");
    assert_eq!(error, VerifyError::Column { position: Position(2), column: "tenant" });
}

/// D18: steps of other semantics are chained and evolved, and counted apart; they are never decided again.
#[test]
fn steps_of_other_semantics_are_chained_only() {
    let mut drive = Drive::<Toy>::new(small_limits());
    drive.send(Add { name: "a".into(), amount: 5 });
    drive.control(Control::VersionBarrier { semantics: SEMANTICS });
    let other = SEMANTICS + 1;
    let older = forge(&drive, |frames| {
        frames[2].header.semantics = other;
        events(&mut frames[2]).swap(0, 0);
    });
    let mut verifier = verifier();
    let verdicts: Vec<_> =
        older.iter().map(|frame| verifier.push_stored(frame).expect("it verifies")).collect();
    let (yes, chained) = (Verdict::ReDerived, Verdict::ChainedOnly);
    assert_eq!(verdicts, [yes, yes, chained, yes]);
    assert_eq!(verifier.report().other_semantics.get(&other), Some(&1));
    assert_eq!(verifier.report().overall(), Verdict::ChainedOnly);
}

/// A slice is never more than chained: what is not shown is not verifiable, what comes after has no known state.
#[test]
fn a_slice_is_chained_only_and_says_what_it_does_not_show() {
    let log = long_log();
    let stored = &log.stored[..20];
    let bytes = slice(stored, |index| index != 7);
    let mut verifier = verifier();
    for item in LogFileReader::new(&bytes, ReadLimits::UNTRUSTED).expect("a log file") {
        match item.expect("whole") {
            LogFileItem::Frame { bytes, .. } => verifier.push(bytes),
            LogFileItem::Leaf { leaf, position, count, .. } => {
                verifier.push_leaf(position, count, &leaf)
            }
        }
        .expect("it verifies");
    }
    let report = verifier.report();
    let ranges: Vec<_> = report.ranges.iter().map(|it| (it.verdict, it.doubt, it.frames)).collect();
    assert_eq!(
        ranges,
        [
            (Verdict::ReDerived, None, 7),
            (Verdict::NotVerifiable, Some(Doubt::NotShown), 1),
            (Verdict::ChainedOnly, Some(Doubt::StateUnknown), 12),
        ]
    );
    assert_eq!((report.overall(), report.not_shown), (Verdict::ChainedOnly, 1));
    assert_eq!(verifier.chain().hash, stored[19].hash);
    let error = Player::<Toy>::open(&bytes, ReadLimits::UNTRUSTED, DigestMode::Every).err();
    assert_eq!(error, Some(PlayError::Slice(stored[7].position)));
}

/// A whole log file is opened, played to its end, and stands where the writer stood.
#[test]
fn a_log_file_is_played() {
    let log = long_log();
    let bytes = slice(&log.stored, |_| true);
    for mode in [DigestMode::Every, DigestMode::OnDemand] {
        let mut player = Player::<Toy>::open(&bytes, ReadLimits::UNTRUSTED, mode).expect("whole");
        player.seek(&Target::End).expect("it is there");
        assert!(replay::diff(player.engine().state(), log.engine.state()).is_empty());
    }
    let later = LogFileWriter::new(LogFileHeader {
        is_slice: false,
        partition: PartitionId(3),
        before: Chain { position: Position(4), hash: [1; 32] },
        genesis: Some(log.stored[0].body.to_vec()),
    });
    let bytes = [later.header(), later.trailer()].concat();
    let error = Player::<Toy>::open(&bytes, ReadLimits::UNTRUSTED, DigestMode::Every).err();
    assert_eq!(error, Some(PlayError::Start(Position(5))));
}

/// Takes the frames of a log, changes them, and makes their digests, bytes and hashes fit as far as a forger can.
fn forge(log: &Drive<Toy>, change: impl FnOnce(&mut Vec<Frame<Toy>>)) -> Vec<StoredFrame> {
    let mut frames = log.frames.clone();
    change(&mut frames);
    let (mut chain, mut engine) = (Chain::default(), Some(Engine::<Toy>::new(DigestMode::Every)));
    let mut stored = Vec::new();
    for (mut frame, original) in frames.into_iter().zip(&log.frames) {
        frame.header.position = chain.position.next();
        let is_digest_forged = frame.digest != original.digest;
        let mut blank = frame.clone();
        // A forger replays the log and writes the digest that comes out.
        if let Some(it) = &mut engine {
            if let Err(dacapo_engine::kernel::ReplayError::Digest { found, .. }) = it.replay(&blank)
                && !is_digest_forged
            {
                blank.digest = found;
            }
            if is_digest_forged {
                engine = None;
            }
        }
        let bytes = wire::encode(&blank).expect("a frame");
        let count = u32::try_from(blank.count()).expect("a small frame");
        let hash = chain.push(blank.header.position, count, &bytes).expect("the next frame");
        stored.push(StoredFrame::new(&blank, bytes.into(), hash));
    }
    stored
}

fn forged_digest(stored: &StoredFrame) -> [u8; 8] {
    wire::decode::<Toy>(&stored.body).expect("a frame").digest
}

fn events(frame: &mut Frame<Toy>) -> &mut Vec<EventRecord<AnyEvent<Toy>>> {
    match &mut frame.content {
        Content::Step(_, Outcome::Events(events)) => events,
        other => panic!("expected events, found {other:?}"),
    }
}

fn is_imposed(frame: &Frame<Toy>) -> bool {
    matches!(&frame.content, Content::Step(_, Outcome::Rejected(it)) if it.is_imposed)
}

fn slice(stored: &[StoredFrame], is_shown: impl Fn(usize) -> bool) -> Vec<u8> {
    let is_slice = !(0..stored.len()).all(&is_shown);
    let (partition, before) = (PartitionId(3), Chain::default());
    let mut writer =
        LogFileWriter::new(LogFileHeader { is_slice, partition, before, genesis: None });
    let mut bytes = writer.header();
    for (index, frame) in stored.iter().enumerate() {
        let leaf = wire::leaf(&frame.body);
        let part = if is_shown(index) {
            writer.frame(frame.position, frame.count, &frame.body)
        } else {
            writer.leaf(frame.position, frame.count, &leaf)
        };
        bytes.extend(part.expect("the next frame"));
    }
    bytes.extend(writer.trailer());
    bytes
}
