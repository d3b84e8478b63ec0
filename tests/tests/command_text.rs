//! Commands as JSON: what is rendered can be read back, and what is no command is refused with the part to blame.

use std::collections::BTreeMap;
use std::sync::Arc;

use dacapo_engine::feel::json::JsonLimits;
use dacapo_engine::kernel::{AnyCommand, Content};
use dacapo_log::wire::{Names, ParseError, frame_json, parse_command};
use dacapo_tests::drive::{Drive, small_limits};
use dacapo_tests::toy::{self, Add, FIELDS, FanOut, FireTimer, Label, SetTimer, Toy};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Rendered {
    command: Box<RawValue>,
}

fn names() -> Names {
    Names::of::<Toy>(&FIELDS).with_values()
}

fn parse(text: &str) -> Result<toy::Command, ParseError> {
    parse_command::<Toy>(text, &names(), &JsonLimits::default()).map(|parsed| parsed.command)
}

fn log() -> Drive<Toy> {
    let mut drive = Drive::<Toy>::new(small_limits());
    drive.request(Some("r-1"), Add { name: "a".into(), amount: 5 });
    drive.send(FanOut { name: "b".into(), times: 3 });
    let names = ["__proto__", "name", "due"].map(|name| (Arc::from(name), Arc::from("1")));
    drive.send(Label { name: "a".into(), ratio: None, data: BTreeMap::from(names) });
    drive.send(SetTimer { name: "a".into(), after_ms: -5 });
    drive.internal(1);
    drive
}

#[test]
fn a_rendered_command_is_read_back() {
    let log = log();
    let mut seen = 0;
    for (frame, stored) in log.frames.iter().zip(&log.stored) {
        let Content::Step(AnyCommand::Machine(command), _) = &frame.content else { continue };
        let text = frame_json(&stored.body, &names()).expect("the frame can be rendered");
        let rendered: Rendered = serde_json::from_str(&text).expect("the rendering is JSON");
        let text = rendered.command.get();
        let parsed = parse_command::<Toy>(text, &names(), &JsonLimits::default());
        let parsed = parsed.unwrap_or_else(|error| panic!("{error} in {text}"));
        assert_eq!(parsed.command, *command);
        assert_eq!((parsed.key, parsed.tenant), (frame.header.key, None));
        let header = (&frame.header.request_id, &frame.header.actor);
        assert_eq!((&parsed.request_id, &parsed.actor), header);
        seen += 1;
    }
    assert_eq!(seen, 5);
}

#[test]
fn a_key_is_a_text_and_the_version_is_the_first() {
    let command =
        parse(r#"{"intent": "timer.fire", "body": {"timer_key": "9223372036854775807"}}"#);
    assert_eq!(
        command,
        Ok(FireTimer { timer: dacapo_engine::record::Key(i64::MAX as u64) }.into())
    );
    let label = r#"{"intent": "counter.label", "version": 2, "body": {"name": "a", "ratio": null, "data": {}}}"#;
    assert!(parse(label).is_ok());
    let error = parse(&label.replace(r#""version": 2, "#, "")).expect_err("it is version 2");
    assert!(error.to_string().contains("unknown version 1"), "{error}");
}

#[test]
fn what_is_no_command_is_refused_with_the_part_to_blame() {
    let refused = |text: &str| parse(text).expect_err(text).to_string();
    let cases = [
        ("[", "expected a value, found the end at byte 1"),
        ("[]", "expected an object in `command`, found []"),
        (r#"{"body": {}}"#, "expected a text in `intent`, found nothing"),
        (r#"{"intent": 7, "body": {}}"#, "expected a text in `intent`, found 7"),
        (
            r#"{"intent": "counter.added", "body": {}}"#,
            "expected the intent of a command, found \"counter.added\"",
        ),
        (r#"{"intent": "counter.add"}"#, "expected an object in `body`, found nothing"),
        (
            r#"{"intent": "counter.add", "body": {}, "x": 1}"#,
            "expected nothing, for it is no part of a command in `x`, found 1",
        ),
        (
            r#"{"intent": "counter.add", "key": "-1", "body": {}}"#,
            "expected a key in `key`, found \"-1\"",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(refused(text), expected);
    }
    let unknown =
        refused(r#"{"intent": "counter.add", "body": {"name": "a", "amount": 1, "extra": 1}}"#);
    assert!(unknown.contains("unknown field `extra`, expected one of name, amount"), "{unknown}");
    let missing = refused(r#"{"intent": "counter.add", "body": {"name": "a"}}"#);
    assert!(missing.contains("missing field `amount`"), "{missing}");
    let deep = format!(r#"{{"intent": "counter.add", "body": {}}}"#, "[".repeat(10_000));
    assert!(refused(&deep).contains("less nesting"));
}
