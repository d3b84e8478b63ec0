//! Frames as text for people.

use std::collections::BTreeMap;
use std::sync::Arc;

use dacapo_engine::kernel::{AnyCommand, AnyEvent};
use dacapo_engine::record::{Key, PartitionId, Position};
use dacapo_log::wire::{self, Describe, ExtensionText, Line, Names, Printer};
use dacapo_tests::drive::{Drive, small_limits};
use dacapo_tests::toy::{Add, Command, Decimal, Event, FIELDS, Label, SetTimer, Subtract, Toy};

/// Renderings have the long names, keys as texts, and the user's own names as they are.
#[test]
fn a_frame_is_rendered_as_json_with_long_names() {
    let mut drive = Drive::<Toy>::new(small_limits());
    let ratio = Some(Decimal("12.50".into()));
    let data = BTreeMap::from([(Arc::from("nm \"\n"), Arc::from("7"))]);
    drive.request(Some("r-1"), Label { name: "a".into(), ratio, data });
    drive.send(Subtract { name: "a".into(), amount: 1 });
    let names = Names::of::<Toy>(&FIELDS).with_extensions(decimal_text);
    let json = wire::frame_json(&drive.stored[2].body, &names).expect("a frame");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let created = Key::new(PartitionId(3), 1, Position(4)).to_string();
    assert_eq!(json["timestamp"], 1_000);
    assert_eq!(json["command"]["intent"], "counter.label");
    assert_eq!(json["command"]["request_id"], "r-1");
    assert_eq!(json["command"]["body"]["ratio"], 12.5);
    assert_eq!(json["command"]["body"]["data"]["nm \"\n"], "7");
    assert_eq!(json["records"][0]["intent"], "counter.created");
    assert_eq!(json["records"][0]["key"], created);
    assert_eq!(json["records"][1]["position"], 5);
    let json = wire::frame_json(&drive.stored[3].body, &names).expect("a frame");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["outcome"], "rejection");
    assert_eq!(json["records"][0]["body"]["code"], "counter_too_small");
    assert_eq!(json["records"][0]["body"]["field"], "amount");
    let json = wire::frame_json(&drive.stored[0].body, &names).expect("a frame");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["command"]["body"]["limits"]["step_events"], 8);
}

/// The compact form: one line per record, keys as nicknames, every line with its cause.
#[test]
fn a_log_is_printed_with_nicknames_and_causes() {
    let mut drive = Drive::<Toy>::new(small_limits());
    drive.send(SetTimer { name: "a b".into(), after_ms: 5 });
    drive.send(Add { name: "c".into(), amount: 5 });
    drive.send(Subtract { name: "c".into(), amount: 9 });
    drive.now.0 += 5;
    drive.internal(1);
    let names = Names::of::<Toy>(&FIELDS);
    let mut printer = Printer::<Toy>::new(&names);
    let lines: String =
        drive.frames[2..].iter().map(|it| printer.print(it).expect("lines")).collect();
    let expected = "\
3     C timer.set                              name: \"a b\", after_ms: 5
4     E counter.created                 <3     #c name: \"a b\"
5     E timer.created                   <3     #t counter_key: #c, due: 1005
6     C counter.add                            name: c, amount: 5
7     E counter.created                 <6     #c2 name: c
8     E counter.added                   <6     #c2 amount: 5
9     C counter.subtract                       name: c, amount: 9
10    R counter.subtract                <9     counter_too_small amount: expected at least 9, found 5
11    C timer.fire                             #t timer_key: #t
12    E timer.fired                     <11    #t due: 1005
13    E counter.added                   <11    #c amount: 1
";
    assert_eq!(lines, expected);
    let mut printer = Printer::<Toy>::with_describe(&names, &Words);
    let lines: String = drive.frames.iter().map(|it| printer.print(it).expect("lines")).collect();
    assert!(
        lines.contains("\n7     E counter.created                 <6     it is @c\n"),
        "{lines}"
    );
    assert!(lines.contains("\n11    C timer.fire                             #t\n"), "{lines}");
    assert!(
        lines.ends_with("\n13    E counter.added                   <11    it is @a b\n"),
        "{lines}"
    );
}

/// Tells a few records in other words.
struct Words;

impl Describe<Toy> for Words {
    fn line(&self, line: Line<'_, Toy>, nickname: &mut dyn FnMut(Key) -> String) -> Option<String> {
        match line {
            Line::Command(AnyCommand::Machine(Command::FireTimer(it))) => Some(nickname(it.timer)),
            Line::Event(key, _) => Some(format!("it is {}", nickname(key))),
            Line::Command(_) => None,
        }
    }

    fn nickname(&self, event: &AnyEvent<Toy>) -> Option<String> {
        match event {
            AnyEvent::Machine(Event::Created(it)) => Some(format!("@{}", it.name)),
            _ => None,
        }
    }
}

fn decimal_text(value: &[u8]) -> Option<ExtensionText> {
    let Decimal(digits) = wire::read_value(value).ok()?;
    Some(ExtensionText::Number(digits.to_string()))
}
