//! The bytes of the log: frames come back as they were, and nothing else is taken for a frame.

use std::collections::BTreeMap;
use std::sync::Arc;

use dacapo_engine::kernel::{AnyCommand, Both, Either, Engine, Stepped};
use dacapo_engine::record::{Control, Key, Limits, PartitionId, Position};
use dacapo_log::wire::{
    self, Chain, CommandBody, ExtensionText, FrameView, Hash, Line, LogFileError, LogFileHeader,
    LogFileItem, LogFileReader, LogFileWriter, Names, Printer, ReadLimits, StoredFrame, WireError,
    WireProblem,
};
use dacapo_tests::drive::{Drive, small_limits};
use dacapo_tests::notes::{self, Notes};
use dacapo_tests::toy::{
    Add, Break, Command, Decimal, FIELDS, FanOut, Label, Loop, Roll, SetTimer, Subtract, Toy,
};

/// A log with every kind of frame.
fn log() -> Drive<Toy> {
    let mut drive = Drive::<Toy>::new(small_limits());
    drive.request(Some("r-1"), Add { name: "a".into(), amount: 5 });
    drive.request(Some("r-1"), Add { name: "a".into(), amount: 6 });
    drive.send(Subtract { name: "a".into(), amount: 100 });
    drive.send(Subtract { name: "none".into(), amount: 1 });
    drive.send(FanOut { name: "b".into(), times: 20 });
    drive.internal(10);
    drive.send(Loop { name: "c".into(), times: 3 });
    drive.send(SetTimer { name: "a".into(), after_ms: 500 });
    drive.now.0 += 600;
    drive.internal(10);
    drive.send(Break { name: "a".into() });
    drive.send(Roll { name: "a".into() });
    drive.send(label());
    drive.impose(Add { name: "a".into(), amount: 1 }, Engine::<Toy>::fault_rejection("twice"));
    drive.control(Control::ClockOffsetChanged { offset_ms: -5 });
    drive.control(Control::VersionBarrier { semantics: 1 });
    drive.control(Control::LimitsChanged { limits: Limits::default() });
    drive.control(Control::TzdbChanged { tzdb: "2025a".into() });
    drive.control(Control::Floor { hash: [200; 32] });
    drive.control(Control::TailLost { last_acknowledged: 70_000, incarnation: 2 });
    drive
}

fn label() -> Label {
    let data = BTreeMap::from([(Arc::from("schlüssel"), Arc::from("wert"))]);
    Label { name: "a".into(), ratio: Some(Decimal("12.50".into())), data }
}

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

/// S2: any flipped bit of any frame is found by the chain before a machine sees it.
#[test]
fn every_flipped_bit_of_a_log_is_found() {
    let log = log();
    for index in 0..log.stored.len() {
        let original = &log.stored[index];
        for bit in 0..original.body.len() * 8 {
            let mut body = original.body.to_vec();
            body[bit / 8] ^= 1 << (bit % 8);
            let row = StoredFrame { body: body.into(), ..original.clone() };
            let mut chain = chain_before(&log.stored, index);
            assert!(chain.push_stored(&row).is_err(), "frame {index}, bit {bit}");
        }
        let mut hash = original.hash;
        hash[31] ^= 1;
        let row = StoredFrame { hash, ..original.clone() };
        assert!(chain_before(&log.stored, index).push_stored(&row).is_err());
    }
}

/// S2: swapped, doubled and missing frames are found, also where their hashes are made to fit.
#[test]
fn swapped_doubled_and_missing_frames_are_found() {
    let stored = log().stored;
    let follows = |frames: &[&StoredFrame]| {
        let mut chain = Chain::default();
        frames
            .iter()
            .try_for_each(|frame| chain.push(frame.position, frame.count, &frame.body).map(|_| ()))
    };
    let all: Vec<_> = stored.iter().collect();
    assert_eq!(follows(&all), Ok(()));
    for index in 1..all.len() {
        let mut swapped = all.clone();
        swapped.swap(index - 1, index);
        assert!(follows(&swapped).is_err(), "swapped {index}");
        let mut doubled = all.clone();
        doubled.insert(index, all[index]);
        assert!(follows(&doubled).is_err(), "doubled {index}");
        let mut missing = all.clone();
        missing.remove(index - 1);
        assert!(follows(&missing).is_err(), "missing {index}");
    }
}

/// A7: every prefix of a frame, and a frame with more after it, are refused without a panic.
#[test]
fn cut_and_extended_frames_are_refused() {
    for stored in log().stored {
        for length in 0..stored.body.len() {
            assert!(wire::decode::<Toy>(&stored.body[..length]).is_err());
        }
        let mut longer = stored.body.to_vec();
        longer.push(0xc0);
        let error = wire::decode::<Toy>(&longer).expect_err("more than a frame");
        assert_eq!(error.problem, WireProblem::Trailing(1));
    }
}

/// A7: flipped bits never panic, and what is still read is exactly what its bytes say.
#[test]
fn flipped_bits_are_refused_or_read_but_never_panic() {
    for stored in log().stored {
        for bit in 0..stored.body.len() * 8 {
            let mut body = stored.body.to_vec();
            body[bit / 8] ^= 1 << (bit % 8);
            if let Ok(frame) = wire::decode::<Toy>(&body) {
                assert_eq!(wire::encode(&frame).expect("it was a frame"), body);
            }
        }
    }
}

/// A7: lengths that promise more than there is, nesting bombs, floats, doubled keys, reserved extensions.
#[test]
fn bombs_are_refused_by_name() {
    let refused = |value: &[u8]| body_problem(value).expect_err("a bomb");
    let huge_list = [0xdd, 0xff, 0xff, 0xff, 0xff];
    assert!(matches!(refused(&huge_list), WireProblem::Truncated { needed: 0xffff_ffff, .. }));
    let huge_text = [0xdb, 0x7f, 0xff, 0xff, 0xff];
    assert!(matches!(refused(&huge_text), WireProblem::Truncated { needed: 0x7fff_ffff, .. }));
    let huge_map = [0xdf, 0x10, 0, 0, 0];
    assert!(matches!(refused(&huge_map), WireProblem::Truncated { .. }));
    let mut deep = vec![0x91; 100_000];
    deep.push(0xc0);
    assert_eq!(refused(&deep), WireProblem::Depth(wire::DEPTH_MAX));
    assert!(matches!(refused(&[0xcb, 0, 0, 0, 0, 0, 0, 0, 0]), WireProblem::Unexpected { .. }));
    let doubled = [0x82, 0xa1, b'x', 1, 0xa1, b'x', 2];
    assert_eq!(refused(&doubled), WireProblem::Duplicate("\"x\"".into()));
    assert_eq!(refused(&[0xcc, 5]), WireProblem::Form);
    assert_eq!(refused(&[0xd0, 0xff]), WireProblem::Form);
    assert_eq!(refused(&[0xd9, 1, b'x']), WireProblem::Form);
    assert_eq!(refused(&[0xc7, 1, 1, b'5']), WireProblem::Form);
    assert_eq!(refused(&[0xd4, 3, 0]), WireProblem::Reserved("sealed value"));
    assert_eq!(refused(&[0xd4, 4, 0]), WireProblem::Reserved("blob reference"));
    assert_eq!(refused(&[0xd4, 9, 0]), WireProblem::Extension(9));
    assert!(matches!(refused(&[0xa2, 0xff, 0xfe]), WireProblem::Unexpected { .. }));
    assert!(matches!(refused(&[0x81, 0xc0, 0xc0]), WireProblem::Unexpected { .. }));
    let many: Vec<u8> = (0..20).chain([3]).flat_map(|key| [key, 0xc0]).collect();
    let doubled = [&[0xde, 0, 21][..], &many].concat();
    assert_eq!(refused(&doubled), WireProblem::Duplicate("3".into()));
    assert_eq!(body_problem(&[0xd4, 2, 0]), Ok(()));
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

fn chain_before(stored: &[StoredFrame], index: usize) -> Chain {
    let Some((last, _)) = stored[..index].split_last() else { return Chain::default() };
    let position = last.position.plus(u64::from(last.count) - 1);
    Chain { position, hash: last.hash }
}

/// Puts a value into a body and reads the whole frame.
fn body_problem(value: &[u8]) -> Result<(), WireProblem> {
    let mut bytes = vec![0x8a];
    let name = |bytes: &mut Vec<u8>, name: &str| {
        bytes.push(0xa0 | u8::try_from(name.len()).expect("a short name"));
        bytes.extend_from_slice(name.as_bytes());
    };
    for (field, value) in [("v", 1), ("p", 3), ("n", 9), ("c", 1), ("t", 0)] {
        name(&mut bytes, field);
        bytes.push(value);
    }
    name(&mut bytes, "tn");
    name(&mut bytes, "t");
    name(&mut bytes, "s");
    bytes.push(1);
    name(&mut bytes, "cmd");
    bytes.extend_from_slice(&[0x83, 0xa1, b'i', 1, 0xa1, b'v', 1, 0xa1, b'b', 0x81, 0xa1, b'x']);
    bytes.extend_from_slice(value);
    name(&mut bytes, "r");
    bytes.push(0x90);
    name(&mut bytes, "d");
    bytes.extend_from_slice(&[0xc4, 8, 0, 0, 0, 0, 0, 0, 0, 0]);
    FrameView::parse(&bytes, &ReadLimits::UNTRUSTED)
        .map(|_| ())
        .map_err(|error: WireError| error.problem)
}

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
3 C timer.set                      name: \"a b\", after_ms: 5
4 E counter.created          <3    name: \"a b\" #c
5 E timer.created            <3    counter_key: #c, due: 1005 #t
6 C counter.add                    name: c, amount: 5
7 E counter.created          <6    name: c #c2
8 E counter.added            <6    amount: 5 #c2
9 C counter.subtract               name: c, amount: 9
10 R counter.subtract         <9    counter_too_small amount: expected at least 9, found 5
11 C timer.fire                     timer_key: #t #t
12 E timer.fired              <11   due: 1005 #t
13 E counter.added            <11   amount: 1 #c
";
    assert_eq!(lines, expected);
    let describe = |line: Line<'_, Toy>, nickname: &mut dyn FnMut(Key) -> String| match line {
        Line::Command(AnyCommand::Machine(Command::FireTimer(it))) => Some(nickname(it.timer)),
        Line::Event(_) => Some(String::new()),
        Line::Command(_) => None,
    };
    let mut printer = Printer::<Toy>::with_describe(&names, Box::new(describe));
    let lines = printer.print(drive.frames.last().expect("a frame")).expect("lines");
    assert!(lines.starts_with("11 C timer.fire                     #k #k\n"), "{lines}");
    assert!(lines.ends_with("13 E counter.added            <11   #k2\n"), "{lines}");
}

/// Whole logs and slices of them come back from their file; a slice keeps its chain.
#[test]
fn a_log_file_comes_back_frame_by_frame() {
    let log = log();
    for is_slice in [false, true] {
        let bytes = file(&log.stored, |index| !is_slice || index % 3 != 1, is_slice);
        let mut reader = LogFileReader::new(&bytes, ReadLimits::UNTRUSTED).expect("a log file");
        assert_eq!(reader.header().is_slice, is_slice);
        for stored in &log.stored {
            let found = reader.next_item().expect("an item").expect("not the end");
            match found {
                LogFileItem::Frame { bytes, hash, .. } => {
                    assert_eq!((bytes, hash), (&*stored.body, stored.hash));
                }
                LogFileItem::Leaf { leaf, hash, count, .. } => {
                    assert!(is_slice);
                    assert_eq!((leaf, hash), (wire::leaf(&stored.body), stored.hash));
                    assert_eq!(count, stored.count);
                }
            }
        }
        assert_eq!(reader.next_item(), Ok(None));
    }
}

/// A7, S2: a log file that is cut off, extended or changed in any bit is refused, with the place.
#[test]
fn a_damaged_log_file_is_refused() {
    let log = log();
    let bytes = file(&log.stored[..5], |index| index != 3, true);
    let read = |bytes: &[u8]| -> Result<Vec<Hash>, LogFileError> {
        let reader = LogFileReader::new(bytes, ReadLimits::UNTRUSTED)?;
        reader
            .map(|item| match item? {
                LogFileItem::Frame { hash, .. } | LogFileItem::Leaf { hash, .. } => Ok(hash),
            })
            .collect()
    };
    let original = read(&bytes).expect("whole");
    for length in 0..bytes.len() {
        assert!(read(&bytes[..length]).is_err(), "cut to {length}");
    }
    assert!(read(&[&bytes[..], &[0]].concat()).is_err());
    for bit in 0..bytes.len() * 8 {
        let mut other = bytes.clone();
        other[bit / 8] ^= 1 << (bit % 8);
        // Nothing in the file covers the hash before the first frame but its first hash, and the slice flag only allows more.
        let found = read(&other);
        assert!(found.is_err() || bit / 8 == 11, "bit {bit}: {:?}", found == Ok(original.clone()));
    }
    let error = read(&bytes[..bytes.len() - 1]).expect_err("cut off");
    let text = "after position 9: expected 32 more bytes, found 31: the file was cut off";
    assert!(error.to_string().ends_with(text), "{error}");
}

fn file(stored: &[StoredFrame], is_shown: impl Fn(usize) -> bool, is_slice: bool) -> Vec<u8> {
    let mut writer = LogFileWriter::new(LogFileHeader {
        is_slice,
        partition: PartitionId(3),
        before: Chain::default(),
        genesis: None,
    });
    let mut bytes = writer.header();
    for (index, frame) in stored.iter().enumerate() {
        let part = if is_shown(index) {
            writer.frame(frame.position, frame.count, &frame.body)
        } else {
            writer.leaf(frame.position, frame.count, &wire::leaf(&frame.body))
        };
        bytes.extend(part.expect("the next frame"));
    }
    bytes.extend(writer.trailer());
    bytes
}

fn decimal_text(value: &[u8]) -> Option<ExtensionText> {
    let Decimal(digits) = wire::read_value(value).ok()?;
    Some(ExtensionText::Number(digits.to_string()))
}
