//! What a partition keeps to: it only decides what is stepped when, and never what comes out.

use dacapo_engine::kernel::{AnyCommand, Content, Frame};
use dacapo_engine::process::Process;
use dacapo_engine::record::Limits;
use dacapo_log::partition::{Input, Settings, Submission};
use dacapo_tests::generate;
use dacapo_tests::host::{Fate, Host, Store};
use dacapo_tests::schedule::moves;
use proptest::prelude::*;

use crate::fixture::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, max_shrink_iters: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// I-DET-4: the commands of a life, one after the other, through the partition: however they are batched and however
    /// appends fare, the stored bytes are those that stepping them by hand gave.
    #[test]
    fn any_batching_gives_the_same_bytes(
        block in generate::block(),
        life in moves(),
        batch_frames in 1_u32..6,
        batch_bytes in 1_u64..2_000,
        pauses in prop::collection::vec(0_usize..4, 1..8),
        fates in prop::collection::vec(0_usize..5, 0..12),
    ) {
        let drive = live(&block, &life, Limits::default());
        let settings = Settings {
            batch_frames,
            batch_bytes,
            // The machine's own commands are among those that are submitted.
            internal_per_command: 0,
            internal_idle: 0,
            ..Settings::default()
        };
        let mut host = Host::<Process>::start(Store::new(), settings, Limits::default(), 1_000);
        host.fates = fates.into_iter().map(|fate| FATES[fate]).collect();
        for (frame, pause) in drive.frames.iter().zip(pauses.iter().cycle()) {
            let Content::Step(command, _) = &frame.content else { continue };
            let AnyCommand::Machine(command) = command else { unreachable!("no step is parked") };
            // What is queued is stamped when it is stepped.
            while host.partition.queued() > 0 {
                prop_assert!(host.act(), "it goes on by itself");
            }
            host.input(Input::Clock { now_ms: frame.header.timestamp.0, store_now_ms: None });
            host.input(Input::Submit(submission(frame, command.clone())));
            (0..*pause).for_each(|_| {
                host.act();
            });
        }
        host.settle();
        let bytes = |log: &[dacapo_log::wire::StoredFrame]| log.iter().map(|it| it.body.clone()).collect::<Vec<_>>();
        prop_assert_eq!(bytes(&host.store.log), bytes(&drive.stored));
        prop_assert_eq!(&host.store.log, &host.committed);
    }
}

fn submission(
    frame: &Frame<Process>,
    command: dacapo_engine::process::Command,
) -> Submission<Process> {
    let header = frame.header.clone();
    Submission {
        ticket: header.position.0,
        tenant: header.tenant,
        key: header.key,
        request_id: header.request_id,
        actor: header.actor,
        correlation_id: header.correlation_id,
        trace: header.trace,
        command,
        is_exempt: false,
    }
}

const FATES: [Fate; 5] =
    [Fate::Done, Fate::NotDone, Fate::DoneUnsaid, Fate::NotDoneUnsaid, Fate::DoneLate];
