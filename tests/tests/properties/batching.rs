//! What a partition keeps to: it only decides what is stepped when, and never what comes out.

use dacapo_engine::kernel::{AnyCommand, Content, Frame};
use dacapo_engine::process::Process;
use dacapo_engine::record::Limits;
use dacapo_log::partition::{Input, Settings, Submission};
use dacapo_log::wire::{self, StoredFrame};
use dacapo_tests::generate;
use dacapo_tests::host::{Fate, Host, Store};
use dacapo_tests::reference::{Watch, World};
use dacapo_tests::schedule::{create, deploy, moves};
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
        let bytes = |log: &[StoredFrame]| log.iter().map(|it| it.body.clone()).collect::<Vec<_>>();
        prop_assert_eq!(bytes(&host.store.log), bytes(&drive.stored));
        prop_assert_eq!(&host.store.log, &host.committed);
    }

    /// P1: instances are created, most of their steps are parked, and the host dies twice, after any actions: whoever asks
    /// again with the same request ids finds every instance once, and all stand where they stand without a crash.
    #[test]
    fn parked_work_goes_on_after_a_crash_of_the_host(
        block in generate::block(),
        numbers in prop::collection::vec(0_u8..12, 1..5),
        crashes in (0_usize..60, 0_usize..60),
        fates in prop::collection::vec(0_usize..5, 0..8),
    ) {
        let xml = xml(&block);
        let mut plain = host(Store::new());
        ask_all(&mut plain, &xml, &numbers);
        plain.settle();
        let mut store = Store::new();
        for actions in [crashes.0, crashes.1] {
            let mut host = host(store);
            host.fates = fates.iter().map(|fate| FATES[*fate]).collect();
            ask_all(&mut host, &xml, &numbers);
            (0..actions).take_while(|_| host.act()).for_each(drop);
            store = host.store;
        }
        let mut last = host(store);
        ask_all(&mut last, &xml, &numbers);
        last.settle();
        let found = world(&last.store.log);
        prop_assert_eq!(found.counts.0, numbers.len());
        prop_assert_eq!(found, world(&plain.store.log));
    }
}

fn host(store: Store) -> Host<Process> {
    Host::start(store, Settings::default(), small(), 1_000)
}

/// Deploys the process and creates an instance for each number.
fn ask_all(host: &mut Host<Process>, xml: &str, numbers: &[u8]) {
    let mut commands = vec![deploy(xml).into()];
    commands.extend(numbers.iter().map(|n| create(*n).into()));
    for (ticket, command) in (1..).zip(commands) {
        host.input(Input::Submit(Submission {
            ticket,
            tenant: "<default>".into(),
            key: None,
            request_id: Some(format!("r{ticket}").as_str().into()),
            actor: Some("tester".into()),
            correlation_id: None,
            trace: None,
            command,
            is_exempt: false,
        }));
    }
}

/// Returns where all instances of a log stand.
fn world(log: &[StoredFrame]) -> World {
    let mut watch = Watch::new(true);
    for stored in log {
        watch.push(&wire::decode::<Process>(&stored.body).expect("a frame"));
    }
    watch.world()
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
