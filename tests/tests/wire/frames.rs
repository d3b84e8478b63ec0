//! Frames and their bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use dacapo_engine::kernel::{AnyCommand, Both, Either, Stepped};
use dacapo_engine::record::{Limits, Position};
use dacapo_log::wire::{self, CommandBody, FrameView, ReadLimits, StoredFrame, WireProblem};
use dacapo_tests::drive::{Drive, small_limits};
use dacapo_tests::notes::{self, Notes};
use dacapo_tests::toy::{Add, Label, Toy};

use crate::fixture::*;

/// S6: encoding and decoding are inverse, for every kind of frame.
#[test]
fn every_frame_comes_back_from_its_bytes() {
    let log = log();
    assert!(log.frames.len() > 20);
    for (frame, stored) in log.frames.iter().zip(&log.stored) {
        let again = wire::decode::<Toy>(&stored.body).expect("the bytes are a frame");
        assert_eq!(&again, frame);
        assert_eq!(wire::encode(&again).expect("it can be encoded"), &*stored.body);
        let row = StoredFrame::from_bytes::<Toy>(stored.body.clone(), stored.hash);
        assert_eq!(&row.expect("the bytes are a frame"), stored);
    }
}

/// D19: a reader that does not know an intent stops and says where.
#[test]
fn an_unknown_intent_stops_the_reader_with_its_position() {
    let log = log();
    let error = wire::decode::<Notes>(&log.stored[2].body).expect_err("notes have no counters");
    assert_eq!(error.position, Some(Position(3)));
    assert_eq!(error.problem, WireProblem::Intent(900));
    assert!(error.is_unknown());
    let text = "frame at position 3: expected a known intent, found 900 at byte 0";
    assert_eq!(error.to_string(), text);
}

/// A7: bytes from anywhere may not hold records of more than 4 MiB.
#[test]
fn untrusted_readers_take_no_record_of_more_than_four_mebibytes() {
    let mut drive = Drive::<Toy>::new(Limits::default());
    let data = BTreeMap::from([(Arc::from("x"), Arc::from("y".repeat(5 << 20)))]);
    drive.send(Label { name: "a".into(), ratio: None, data });
    let body = &drive.stored[2].body;
    assert!(FrameView::parse(body, &ReadLimits::TRUSTED).is_ok());
    let error = FrameView::parse(body, &ReadLimits::UNTRUSTED).expect_err("too large");
    assert!(matches!(error.problem, WireProblem::Size { limit, .. } if limit == 4 << 20));
    let tiny = ReadLimits { frame_bytes: 100, record_bytes: 100 };
    let error = FrameView::parse(body, &tiny).expect_err("too large");
    assert!(matches!(error.problem, WireProblem::Size { limit: 100, .. }));
}

/// A header whose hash is not the body's would break deduplication, so it is never written.
#[test]
fn a_header_with_the_hash_of_another_body_is_not_encoded() {
    let mut frame = log().frames[2].clone();
    frame.header.body_hash.0[0] ^= 1;
    assert!(wire::encode(&frame).is_err());
}

/// The inbox keeps a command as the bytes that its frame will have.
#[test]
fn a_lone_command_comes_back_from_its_bytes() {
    let drive = Drive::<Toy>::new(small_limits());
    let command = AnyCommand::Machine(label().into());
    let body = CommandBody::of::<Toy>(&command).expect("it has a body");
    let header = drive.header(Some("r-9"), body.hash());
    let (intent, version) = wire::command_intent(&command);
    let bytes = wire::encode_command(&header, intent, version, &body);
    let (again, same) = wire::decode_lone_command::<Toy>(&bytes).expect("a command");
    assert_eq!(same, command);
    assert_eq!((again.request_id, again.actor), (header.request_id, header.actor));
    assert_eq!(again.body_hash, body.hash());
    assert!(wire::decode_lone_command::<Toy>(&bytes[..bytes.len() - 1]).is_err());
}

/// Two machines on one log keep their own intents.
#[test]
fn two_machines_share_one_log() {
    let mut drive = Drive::<Both<Toy, Notes>>::new(small_limits());
    drive.send(Either::First(Add { name: "a".into(), amount: 1 }.into()));
    drive.send(Either::Second(notes::Write { text: "hello".into() }.into()));
    let refused = drive.send(Either::Second(notes::Write { text: "".into() }.into()));
    assert!(matches!(refused, Stepped::Frame(_)));
    for (frame, stored) in drive.frames.iter().zip(&drive.stored) {
        assert_eq!(&wire::decode::<Both<Toy, Notes>>(&stored.body).expect("a frame"), frame);
    }
}

/// No two names on the wire are the same, and each is one to three letters.
#[test]
fn the_kernels_field_names_are_short_and_unique() {
    let fields = wire::kernel_fields();
    for field in fields {
        assert!((1..=3).contains(&field.short.len()), "{field:?}");
        assert_eq!(fields.iter().filter(|it| it.short == field.short).count(), 1, "{field:?}");
    }
    let commands = wire::commands::<Toy>();
    let events = wire::events::<Toy>();
    for intent in commands.iter().chain(&events) {
        let all = commands.iter().chain(&events);
        assert_eq!(all.filter(|it| it.number == intent.number).count(), 1, "{intent:?}");
    }
}
