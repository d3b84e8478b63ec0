//! A log with other values: decided again from the beginning, on the same path, or not made at all.

use std::sync::Arc;

use dacapo_engine::bpmn::notation;
use dacapo_engine::feel::json::JsonLimits;
use dacapo_engine::kernel::{AnyCommand, DigestMode, Stepped};
use dacapo_engine::process::commands::{Deploy, Resource};
use dacapo_engine::process::state::Bytes;
use dacapo_engine::process::trail::Redaction;
use dacapo_engine::process::{FIELDS, Process};
use dacapo_engine::record::Position;
use dacapo_log::replay::{
    MemoryLog, MemoryOptions, Player, RetellError, Verdict, Verifier, retell,
};
use dacapo_log::wire::{
    Chain, Coded, LogFileItem, LogFileReader, LoneCommand, Names, ReadLimits, parse_command,
};

const ARROWS: &str = "
    start -> route:xor
    route -[total = 240]-> ask:receive(confirmed, =order.id) -> done:end
    route -[else]-> other:end
";

fn names() -> Names {
    Names::of::<Process>(FIELDS).with_values()
}

/// Writes a log in which a message reaches an instance by a key that stands in a variable.
fn told() -> Player<Process> {
    let mut log = MemoryLog::<Process>::new(MemoryOptions::default()).expect("a log begins");
    let xml = notation::to_xml("order", ARROWS).expect("a process");
    let content = Bytes(Arc::from(xml.into_bytes()));
    let resources = vec![Resource { resource_name: "order.bpmn".into(), content }];
    log.submit(LoneCommand::new(Deploy { resources })).expect("it is stepped");
    for text in [
        r#"{"intent": "instance.create", "body": {"process_id": "order", "business_id": "B-77", "variables":
            {"total": 240, "order": {"id": "A-1001", "customer": "Ada Lovelace", "lines": ["Änderung", 12.50]}}}}"#,
        r#"{"intent": "message.publish", "body": {"message_name": "confirmed", "correlation_key": "A-1001",
            "time_to_live_ms": 0, "variables": {"note": "call Ada"}}}"#,
    ] {
        let command = parse_command(text, &names(), &JsonLimits::default()).expect("a command");
        let stepped = log.submit(command).expect("it is stepped");
        assert!(matches!(stepped, Stepped::Frame(_)), "{stepped:?}");
    }
    assert!(log.engine().state().tables.instances.is_empty(), "the message reached the instance");
    Player::open(&log.to_file(), ReadLimits::UNTRUSTED, DigestMode::Every).expect("a log file")
}

fn redact(log: &Player<Process>, kept: &[&str]) -> Result<Vec<u8>, RetellError> {
    let redaction = Redaction::new([7; 32], kept.iter().map(|it| (*it).to_owned()));
    retell(log, |command| {
        if let AnyCommand::Machine(command) = command {
            redaction.redact(command);
        }
    })
}

#[test]
fn other_values_take_the_same_path_and_are_verified() {
    let log = told();
    let file = redact(&log, &["total"]).expect("the same path");
    let text = String::from_utf8_lossy(&file);
    for word in ["Ada", "Lovelace", "A-1001", "B-77", "nderung"] {
        assert!(!text.contains(word), "{word} is still there");
    }
    let mut verifier =
        Verifier::<Process>::from_chain(Chain::default(), ReadLimits::UNTRUSTED, names());
    let mut reader = LogFileReader::new(&file, ReadLimits::UNTRUSTED).expect("a log file");
    while let Some(item) = reader.next_item().expect("a sound file") {
        let LogFileItem::Frame { bytes, .. } = item else { panic!("expected frames alone") };
        verifier.push(bytes).expect("a step that is decided in the same way");
    }
    assert_eq!(verifier.report().overall(), Verdict::ReDerived);
    let other = Player::<Process>::open(&file, ReadLimits::UNTRUSTED, DigestMode::Every);
    let other = other.expect("a log file");
    assert_eq!(other.frame_count(), log.frame_count());
}

#[test]
fn values_that_decide_the_path_must_be_kept() {
    let error = redact(&told(), &[]).expect_err("the gateway decides by the total");
    assert_eq!(error.code(), "path_differs");
    assert!(error.position().is_some_and(|it| it > Position(2)));
    redact(&told(), &["total", "order.id"]).expect_err("a key of a message that is not kept");
    redact(&told(), &["total", "order.id", "correlation_key"]).expect("the same path");
}

#[test]
fn a_text_keeps_its_shape_and_equal_texts_stay_equal() {
    let redaction = Redaction::new([1; 32], []);
    let other = redaction.text("Ada-1001 (0.50)");
    assert_eq!(other, redaction.text("Ada-1001 (0.50)"));
    assert_ne!(other, Redaction::new([2; 32], []).text("Ada-1001 (0.50)"));
    let shape = |text: &str| -> String {
        let kind = |it: char| match it {
            it if it.is_ascii_digit() => '9',
            it if it.is_ascii_uppercase() => 'A',
            it if it.is_ascii_lowercase() => 'a',
            it => it,
        };
        text.chars().map(kind).collect()
    };
    assert_eq!(shape(&other), "Aaa-9999 (9.99)");
    assert!(!other.contains("-0") && other.contains("(0."), "{other}");
}
