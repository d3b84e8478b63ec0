//! What a log keeps to: it is played, decided again, forked and taken up after a crash, and it is always the same.

use dacapo::names::process_names;
use dacapo_engine::kernel::{AnyCommand, Content, DigestMode, Frame};
use dacapo_engine::process::Process;
use dacapo_engine::record::Limits;
use dacapo_log::replay::{Player, Target, Verdict, Verifier};
use dacapo_log::wire::{Follower, ReadLimits, snapshot};
use dacapo_tests::generate;
use dacapo_tests::schedule::{moves, serve};
use proptest::prelude::*;

use crate::fixture::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, max_shrink_iters: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// D1, I-DET-1: what evolving the log gives is what deciding gave, at every position.
    #[test]
    fn a_replayed_log_ends_in_the_same_state(block in generate::block(), life in moves(), is_small in any::<bool>()) {
        let drive = live(&block, &life, if is_small { small() } else { Limits::default() });
        let mut follower = follower();
        for frame in &drive.stored {
            follower.push_stored(&frame.body, &frame.hash).expect("the next frame");
        }
        prop_assert_eq!(follower.engine_mut().full_digest(), drive.engine.place().digest);
    }

    /// I-DET-2: every record of a log is derived again, byte by byte.
    #[test]
    fn every_record_is_derived_again(block in generate::block(), life in moves(), is_small in any::<bool>()) {
        let mut drive = live(&block, &life, if is_small { small() } else { Limits::default() });
        serve(&mut drive, 200);
        let mut verifier = Verifier::<Process>::new(ReadLimits::TRUSTED, process_names());
        for frame in &drive.stored {
            let verified = verifier.push_stored(frame);
            prop_assert!(verified.is_ok(), "{}", verified.unwrap_err());
        }
        prop_assert_eq!(verifier.report().re_derived, drive.stored.len() as u64);
        prop_assert_eq!(verifier.report().overall(), Verdict::ReDerived);
    }

    /// I-DBG-1: wherever the player is sent, in whatever order, it stands where playing to there stands; one step back
    /// is the state before.
    #[test]
    fn seeking_is_playing_and_a_step_back_is_the_state_before(
        block in generate::block(),
        life in moves(),
        jumps in prop::collection::vec(0.0..1.0_f64, 1..12),
    ) {
        let drive = live(&block, &life, small());
        let mut playing = follower();
        let mut digests = vec![playing.engine().place().digest];
        for frame in &drive.stored {
            playing.push_stored(&frame.body, &frame.hash).expect("the next frame");
            digests.push(playing.engine_mut().full_digest());
        }
        let mut player = Player::<Process>::from_stored(&drive.stored, DigestMode::Every).expect("a log");
        for jump in jumps {
            let at = (drive.stored.len() as f64 * jump) as usize;
            player.seek(&Target::Position(drive.stored[at].position)).expect("a place in the log");
            prop_assert_eq!(player.engine().place().digest, digests[at + 1]);
            prop_assert_eq!(&player.view().expect("a step").frame, &drive.frames[at]);
            prop_assert!(player.step_back().expect("a step"));
            // Of the rows, not of what the player kept: a row that came back wrong is found.
            prop_assert_eq!(player.engine().fork().full_digest(), digests[at]);
        }
    }

    /// I-DBG-2: a fork whose commands are the original's is the original, wherever it begins.
    #[test]
    fn a_fork_without_a_change_is_the_original(block in generate::block(), life in moves(), part in 0.0..1.0_f64) {
        let drive = live(&block, &life, small());
        let at = 1 + ((drive.frames.len() - 1) as f64 * part) as usize;
        let mut player = Player::<Process>::from_stored(&drive.stored, DigestMode::Every).expect("a log");
        player.seek(&Target::Position(drive.frames[at - 1].last())).expect("a place in the log");
        let mut fork = player.fork();
        for frame in &drive.frames[at..] {
            prop_assert!(fork.step_again(frame).expect("it can be stepped"));
            prop_assert_eq!(&fork.steps().last().expect("a step").frame, frame);
        }
        prop_assert!(fork.diff(drive.engine.state()).is_empty());
    }

    /// A1, I-LIVE-2: whichever step a crash follows, the engine that is built of the log asks for the very work that the
    /// old one went on with, and does the same: parked work, timers, messages under way.
    #[test]
    fn parked_work_survives_a_crash_after_any_step(block in generate::block(), life in moves()) {
        let mut drive = live(&block, &life, small());
        drive.internal(100_000);
        let mut recovered = follower();
        for (frame, stored) in drive.frames.iter().zip(&drive.stored) {
            if let Some(command) = internal(frame) {
                let asked = recovered.engine().next_command(frame.header.timestamp);
                prop_assert_eq!(asked.as_ref().map(|it| &it.command), Some(command));
                let mut again = recovered.engine().fork();
                again.step(frame.header.clone(), command.clone()).expect("it can be stepped");
                prop_assert_eq!(again.place().digest.short(), frame.digest);
            }
            recovered.push_stored(&stored.body, &stored.hash).expect("the next frame");
        }
    }

    /// I-SNAP-1: a snapshot after any step and the frames after it give the state of the whole log.
    #[test]
    fn a_snapshot_and_the_tail_are_the_whole_log(block in generate::block(), life in moves(), part in 0.0..1.0_f64) {
        let mut drive = live(&block, &life, small());
        let at = 2 + ((drive.stored.len() - 2) as f64 * part) as usize;
        let mut before = follower();
        for frame in &drive.stored[..at] {
            before.push_stored(&frame.body, &frame.hash).expect("the next frame");
        }
        let chain = before.chain();
        let (header, chunks) = snapshot::take(before.engine_mut(), chain).expect("a snapshot");
        let engine = snapshot::load::<Process>(&header, &chunks, DigestMode::Every).expect("whole");
        let mut after = Follower::from_engine(engine, header.hash, ReadLimits::TRUSTED);
        for frame in &drive.stored[at..] {
            after.push_stored(&frame.body, &frame.hash).expect("the next frame");
        }
        prop_assert_eq!(after.engine_mut().full_digest(), drive.engine.full_digest());
    }
}

/// Returns the command of a frame that the machine asked for itself.
fn internal(frame: &Frame<Process>) -> Option<&AnyCommand<Process>> {
    match &frame.content {
        Content::Step(command, _) => frame.header.actor.is_none().then_some(command),
        Content::Control(_) => None,
    }
}

fn follower() -> Follower<Process> {
    Follower::new(DigestMode::Every, ReadLimits::TRUSTED)
}
