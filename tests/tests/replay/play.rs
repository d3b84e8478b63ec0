//! Seeking, stepping, comparing, forking.

use dacapo_engine::kernel::{AnyCommand, Content, DigestMode, Outcome};
use dacapo_engine::record::{PartitionId, Position, Timestamp};
use dacapo_log::replay::{self, ForkCommand, PlayError, Player, Target};
use dacapo_log::wire::{Chain, FollowError, LogFileHeader, LogFileWriter, ReadLimits};
use dacapo_tests::drive::{Drive, small_limits};
use dacapo_tests::toy::{Add, SetTimer, Subtract, Toy};

use crate::fixture::*;

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
        subject: None,
    });
    let bytes = [later.header(), later.trailer()].concat();
    let error = Player::<Toy>::open(&bytes, ReadLimits::UNTRUSTED, DigestMode::Every).err();
    assert_eq!(error, Some(PlayError::Start(Position(5))));
}
