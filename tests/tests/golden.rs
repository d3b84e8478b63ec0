//! Golden logs: what was written once is read for ever, and what is no log never is.
//!
//! `UPDATE=1 cargo test -p dacapo-tests --test golden` writes the files of the release that is being made.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Once;

use dacapo_engine::kernel::{
    DigestMode, Engine, EngineState, Machine, Row, Table, TableVisitor, Tables,
};
use dacapo_engine::process::{FIELDS, Process};
use dacapo_engine::record::Position;
use dacapo_log::replay::{Player, Target, Verdict, Verifier};
use dacapo_log::wire::{self, Coded, ReadLimits};
use dacapo_tests::golden::{digests, file_of, folder, frames, logs, problem, run_scenarios, text};

/// Compares with what is written in a file, or writes it.
fn expect_file(path: &Path, found: &[u8]) {
    let mut written = fs::read(path).unwrap_or_default();
    if std::env::var_os("UPDATE").is_some() && written != found {
        fs::write(path, found).expect("a golden file is written");
        found.clone_into(&mut written);
    }
    let show = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        written == found,
        "{}: expected\n{}\nfound\n{}",
        path.display(),
        show(&written),
        show(found)
    );
}

fn releases() -> Vec<PathBuf> {
    current();
    let folders = fs::read_dir(folder()).expect("golden files").flatten().map(|it| it.path());
    let mut releases: Vec<_> = folders.filter(|it| it.join("scenarios.md").exists()).collect();
    releases.sort();
    releases
}

/// The release that is being made. Its logs are written first if they are to be.
fn current() -> PathBuf {
    static WRITTEN: Once = Once::new();
    let release = folder().join(env!("CARGO_PKG_VERSION"));
    WRITTEN.call_once(|| {
        if std::env::var_os("UPDATE").is_some() {
            for (name, bytes) in run_scenarios(&release) {
                let path = release.join(format!("{name}.dacapo"));
                fs::write(path, bytes).expect("a golden log is written");
            }
        }
    });
    release
}

#[test]
fn the_scenarios_of_this_release_write_its_logs() {
    let release = current();
    let found = run_scenarios(&release);
    assert!(found.len() >= 6, "only {} scenarios", found.len());
    for (name, bytes) in &found {
        expect_file(&release.join(format!("{name}.dacapo")), bytes);
    }
    let names: Vec<_> = logs(&release).into_iter().map(|(name, _)| name).collect();
    let mut expected: Vec<_> = found.into_iter().map(|(name, _)| name).collect();
    expected.sort();
    assert_eq!(names, expected);
}

#[test]
fn every_log_reads_as_it_did() {
    for release in releases() {
        for (name, bytes) in logs(&release) {
            expect_file(&release.join(format!("{name}.txt")), text(&bytes).as_bytes());
        }
    }
}

#[test]
fn every_frame_comes_back_from_its_bytes() {
    for (name, bytes) in releases().iter().flat_map(|it| logs(it)) {
        let frames = frames(&bytes);
        assert_eq!(file_of(&frames), bytes, "{name}");
        for frame in frames {
            let decoded = wire::decode::<Process>(&frame).expect("a frame");
            assert_eq!(wire::encode(&decoded).expect("it can be encoded"), frame, "{name}");
        }
    }
}

#[test]
fn every_position_has_its_digest_by_stepping_and_by_seeking() {
    for (name, bytes) in releases().iter().flat_map(|it| logs(it)) {
        let frames = frames(&bytes);
        let digests = digests(&frames);
        let open = || {
            Player::<Process>::open(&bytes, ReadLimits::UNTRUSTED, DigestMode::Every)
                .expect("a log file")
        };
        let (mut stepping, mut seeking) = (open(), open());
        let mut places = Vec::new();
        for digest in &digests {
            let before = stepping.position();
            assert!(stepping.step_forward().expect("the next frame"), "{name}");
            let place = stepping.engine().place();
            assert_eq!(place.digest, *digest, "{name} at {}", place.position.0);
            places.push((before.next(), place));
        }
        for (first, place) in places.iter().rev() {
            for position in first.0..=place.position.0 {
                seeking.seek(&Target::Position(Position(position))).expect("a place");
                assert_eq!(seeking.engine().place(), *place, "{name}");
            }
        }
    }
}

#[test]
fn every_log_is_decided_again() {
    for (name, bytes) in releases().iter().flat_map(|it| logs(it)) {
        let names = dacapo::names::process_names();
        let mut verifier = Verifier::<Process>::new(ReadLimits::UNTRUSTED, names);
        for frame in frames(&bytes) {
            verifier.push(&frame).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        assert_eq!(verifier.report().overall(), Verdict::ReDerived, "{name}");
    }
}

/// The chain of a forged log holds; deciding again finds the lie and names the record and its field.
#[test]
fn a_log_that_was_decided_otherwise_is_found_out() {
    let whole = fs::read(current().join("one_task.dacapo")).expect("a golden log");
    let mut frames = frames(&whole);
    let create = frame_of(&frames, b"Berlin");
    patch(&mut frames[create], b"Berlin", b"Berlim");
    let mut verifier =
        Verifier::<Process>::new(ReadLimits::UNTRUSTED, dacapo::names::process_names());
    let error = frames.iter().find_map(|frame| verifier.push(frame).err()).expect("a lie");
    assert_eq!(error.code(), "decision_differs", "{error}");
    assert!(error.to_string().contains("records.2.body.value.city"), "{error}");
    assert_eq!(verifier.report().overall(), Verdict::NotVerifiable);
}

#[test]
fn the_names_in_the_log_are_those_on_the_lists() {
    let mut intents = String::new();
    for (kind, list) in
        [("command", wire::commands::<Process>()), ("event", wire::events::<Process>())]
    {
        for intent in list {
            writeln!(intents, "{:<4} {kind:<8}{}", intent.number, intent.name).expect("a text");
        }
    }
    expect_file(&folder().join("intents.txt"), intents.as_bytes());

    let mut fields = String::new();
    for (owner, list) in [("kernel", wire::kernel_fields()), ("process", FIELDS)] {
        for field in list {
            let data = if field.is_data { " (the user's own)" } else { "" };
            writeln!(fields, "{owner:<8} {:<4}{}{data}", field.short, field.long).expect("a text");
        }
        let mut short: Vec<_> = list.iter().map(|it| it.short).collect();
        let mut long: Vec<_> = list.iter().map(|it| it.long).collect();
        short.sort_unstable();
        short.dedup();
        long.sort_unstable();
        long.dedup();
        assert_eq!((short.len(), long.len()), (list.len(), list.len()), "{owner}");
    }
    expect_file(&folder().join("fields.txt"), fields.as_bytes());

    let mut rejections = String::new();
    let machine = Process::rejections();
    for (owner, list) in [("kernel", Engine::<Process>::kernel_rejections()), ("process", machine)]
    {
        for code in list {
            writeln!(rejections, "{owner:<8} {:<18}{}", code.class.name(), code.name)
                .expect("a text");
        }
    }
    expect_file(&folder().join("rejections.txt"), rejections.as_bytes());

    let mut tables = TableNames(String::new());
    EngineState::<Process>::new().visit(&mut tables);
    expect_file(&folder().join("tables.txt"), tables.0.as_bytes());
}

struct TableNames(String);

impl TableVisitor for TableNames {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &Table<K, V>) {
        writeln!(self.0, "{:<4} {}", table.number(), table.name()).expect("a text");
    }
}

#[test]
fn what_is_no_log_is_refused_with_a_name_and_a_place() {
    let folder = folder().join("malformed");
    if std::env::var_os("UPDATE").is_some() {
        for (name, bytes) in malformed() {
            fs::write(folder.join(format!("{name}.dacapo")), bytes).expect("a file is written");
        }
    }
    let mut found = String::new();
    for (name, bytes) in logs(&folder) {
        writeln!(found, "{name} {}", problem(&bytes)).expect("a text");
    }
    expect_file(&folder.join("problems.txt"), found.as_bytes());
    assert_eq!(found.lines().count(), malformed().len());
}

/// Logs with one thing wrong each. Where the damage is not in the chain, the chain is that of the damaged bytes.
fn malformed() -> Vec<(&'static str, Vec<u8>)> {
    let whole = fs::read(current().join("one_task.dacapo")).expect("a golden log");
    let frames = frames(&whole);
    let values = fs::read(current().join("mappings_and_values.dacapo")).expect("a golden log");
    let values = self::frames(&values);
    let create = frame_of(&frames, b"Berlin");
    let patched = |frames: &[Vec<u8>], index: usize, find: &[u8], replace: &[u8]| {
        let mut frames = frames.to_vec();
        patch(&mut frames[index], find, replace);
        file_of(&frames)
    };
    let decimal = frame_of(&values, b"\xc7\x0f\x01");
    let mut gap = frames.clone();
    gap.remove(create);
    let mut swapped = frames.clone();
    swapped.swap(create, create + 1);
    let mut flipped = whole.clone();
    patch(&mut flipped, b"Berlin", b"Berlim");
    let format_at = b"DACAPOLG".len() + 1;
    let mut format = whole.clone();
    format[format_at] += 1;
    vec![
        ("file_of_a_future_format", format),
        ("frame_of_a_future_format", patched(&frames, create, b"\xa1v\x01", b"\xa1v\x02")),
        ("unknown_intent", patched(&frames, create, b"\xa1i\x6e", b"\xa1i\x6d")),
        ("unknown_event", patched(&frames, create, b"\xa1i\x6f", b"\xa1i\x6c")),
        ("unknown_version", patched(&frames, create, b"\x6e\xa1v\x01", b"\x6e\xa1v\x02")),
        ("unknown_field", patched(&frames, create, b"\xa2pr", b"\xa2px")),
        ("sealed_value", patched(&values, decimal, b"\xc7\x0f\x01", b"\xc7\x0f\x03")),
        ("blob_reference", patched(&values, decimal, b"\xc7\x0f\x01", b"\xc7\x0f\x04")),
        ("unknown_extension", patched(&values, decimal, b"\xc7\x0f\x01", b"\xc7\x0f\x05")),
        ("missing_frame", file_without_check(&gap)),
        ("flipped_bit", flipped),
        ("other_event", patched(&frames, create, b"va\x82\xa4city\xa6B", b"va\x82\xa4city\xa6b")),
        ("swapped_frames", file_without_check(&swapped)),
        ("truncated", whole[..whole.len() * 2 / 3].to_vec()),
        ("longer", [whole.as_slice(), b"\0"].concat()),
        ("another_file", b"PK\x03\x04".to_vec()),
        ("empty", Vec::new()),
    ]
}

/// Makes a file whose frames need not follow each other: nothing but framing.
fn file_without_check(frames: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = file_of(&[]);
    bytes.truncate(bytes.len() - TRAILER_BYTES);
    for frame in frames {
        bytes.push(1);
        bytes.extend(u32::try_from(frame.len()).expect("a small frame").to_be_bytes());
        bytes.extend(frame);
    }
    bytes
}

fn frame_of(frames: &[Vec<u8>], content: &[u8]) -> usize {
    let has = |frame: &Vec<u8>| frame.windows(content.len()).any(|it| it == content);
    frames.iter().position(has).expect("a frame with that content")
}

/// Replaces the first occurrence.
fn patch(bytes: &mut [u8], find: &[u8], replace: &[u8]) {
    let at = bytes.windows(find.len()).position(|it| it == find).expect("bytes to replace");
    bytes[at..at + replace.len()].copy_from_slice(replace);
}

/// Tag, number of items, position, hash.
const TRAILER_BYTES: usize = 1 + 8 + 8 + 32;
