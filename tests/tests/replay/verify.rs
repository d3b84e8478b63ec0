//! What a verification finds.

use dacapo_engine::kernel::{AnyEvent, Content, DigestMode, Frame, Outcome};
use dacapo_engine::record::{Control, Position, SEMANTICS};
use dacapo_log::replay::{Doubt, Player, Target, Verdict, VerifyError};
use dacapo_log::wire::{Coded, LogFileReader, ReadLimits};
use dacapo_tests::drive::{Drive, small_limits};
use dacapo_tests::toy::{Add, Added, Event, Toy};

use crate::fixture::*;

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
    type Change = fn(&mut Vec<Frame<Toy>>);
    let forgeries: [(&str, Change); 3] = [
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
        verifier.push_item(&item.expect("whole")).expect("it verifies");
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
    // Without a word on what it is about, all that is shown is played, up to what does not fit.
    let mut player = Player::<Toy>::open(&bytes, ReadLimits::UNTRUSTED, DigestMode::Every).unwrap();
    let error = player.seek(&Target::End).expect_err("the hidden frame made a counter");
    let Some(position) = error.position() else { panic!("{error}") };
    assert!(position > stored[7].position, "{error}");
    let frame = stored.iter().rfind(|it| it.position <= position).map(|it| it.position);
    assert!(Some(player.position()) < frame, "the player stands before it");
}
