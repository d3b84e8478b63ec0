//! A log in memory: whole, playable, verified, and its time passes step by step.

use dacapo_engine::kernel::{AnyCommand, Content, DigestMode, Stepped};
use dacapo_engine::record::{Position, Timestamp};
use dacapo_log::replay::{
    MemoryError, MemoryLog, MemoryOptions, Player, Target, Verdict, Verifier,
};
use dacapo_log::wire::{LoneCommand, Names, ReadLimits};
use dacapo_tests::drive::small_limits;
use dacapo_tests::toy::{Add, Command, Drain, FIELDS, FanOut, SetTimer, Toy};

fn log() -> MemoryLog<Toy> {
    let options = MemoryOptions { limits: small_limits(), ..MemoryOptions::default() };
    MemoryLog::new(options).expect("a log begins")
}

fn send(log: &mut MemoryLog<Toy>, command: impl Into<Command>) -> Stepped<Toy> {
    log.submit(LoneCommand::new(command)).expect("the command is stepped")
}

fn player(log: &MemoryLog<Toy>) -> Player<Toy> {
    Player::open(&log.to_file(), ReadLimits::UNTRUSTED, DigestMode::Every).expect("a log file")
}

#[test]
fn what_is_written_can_be_played_and_verified() {
    let mut log = log();
    send(&mut log, Add { name: "a".into(), amount: 3 });
    send(&mut log, FanOut { name: "a".into(), times: 30 });
    send(&mut log, SetTimer { name: "a".into(), after_ms: 50 });
    assert_eq!(send(&mut log, Drain { name: "b".into() }), Stepped::Nothing);
    log.advance_to(Timestamp(60)).expect("time passes");
    let mut player = player(&log);
    player.seek(&Target::End).expect("the log is played");
    assert_eq!(player.engine().place(), log.engine().place());
    let mut verifier = Verifier::<Toy>::new(ReadLimits::UNTRUSTED, Names::of::<Toy>(&FIELDS));
    for number in 0..player.frame_count() {
        verifier.push(player.frame_bytes(number).expect("a frame")).expect("it is decided again");
    }
    assert_eq!(verifier.report().overall(), Verdict::ReDerived);
}

#[test]
fn what_becomes_due_is_stepped_at_its_own_time() {
    let mut log = log();
    for after_ms in [300, 100, 200] {
        send(&mut log, SetTimer { name: "a".into(), after_ms });
    }
    let before = log.position();
    log.advance_to(Timestamp(250)).expect("time passes");
    let mut player = player(&log);
    let mut times = Vec::new();
    player.seek(&Target::Position(before)).expect("it is there");
    while player.step_forward().expect("it can be played") {
        let frame = &player.view().expect("it was played").frame;
        if let Content::Step(AnyCommand::Machine(Command::FireTimer(_)), _) = frame.content {
            times.push(frame.header.timestamp.0);
        }
    }
    assert_eq!(times, [100, 200]);
    assert_eq!(log.now(), Timestamp(250));
    let back = log.advance_to(Timestamp(249)).expect_err("time does not go back");
    assert_eq!(back, MemoryError::Time { now: Timestamp(250), found: Timestamp(249) });
}

#[test]
fn a_repeated_request_has_its_first_outcome() {
    let mut log = log();
    let mut ask = |amount| {
        let command = LoneCommand::new(Add { name: "a".into(), amount });
        log.submit(LoneCommand { request_id: Some("r".into()), ..command })
    };
    let Ok(Stepped::Frame(first)) = ask(1) else { panic!("expected a frame") };
    assert_eq!(first.header.position, Position(3));
    assert_eq!(ask(1), Ok(Stepped::Duplicate(Position(3))));
}
