//! Golden logs: scenarios, the logs that came of them, and logs that no reader may take.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use dacapo_engine::kernel::{DigestMode, StateDigest};
use dacapo_engine::process::Process;
use dacapo_engine::record::PartitionId;
use dacapo_log::replay::Player;
use dacapo_log::wire::{
    Chain, Coded, Follower, LogFileHeader, LogFileItem, LogFileReader, LogFileWriter, Printer,
    ReadLimits, StoredFrame, decode,
};

use crate::spec::markdown;
use crate::spec::world::World;

/// Where the golden files are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

/// Returns the log files of a folder, by name.
///
/// # Panics
/// The folder cannot be read.
pub fn logs(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(folder).expect("a folder").flatten().map(|it| it.path());
    let logs = files.filter(|path| path.extension().is_some_and(|it| it == "dacapo"));
    let read = |path: PathBuf| {
        let name = path.file_stem().and_then(|it| it.to_str()).expect("a name").to_owned();
        (name, fs::read(path).expect("a log file"))
    };
    let mut logs: Vec<_> = logs.map(read).collect();
    logs.sort();
    logs
}

/// Runs every scenario of a release and returns its log, by name.
///
/// # Panics
/// A scenario is not one.
pub fn run_scenarios(release: &Path) -> Vec<(String, Vec<u8>)> {
    let text = fs::read_to_string(release.join("scenarios.md")).expect("the scenarios");
    let run = |section: &markdown::Section| {
        let world = World::of(section);
        (section.title.clone(), file(&world.drive.stored))
    };
    markdown::sections(&text).iter().map(run).collect()
}

/// Makes a file of frames.
///
/// # Panics
/// The frames do not follow each other.
pub fn file(frames: &[StoredFrame]) -> Vec<u8> {
    let bodies: Vec<_> = frames.iter().map(|frame| frame.body.to_vec()).collect();
    file_of(&bodies)
}

/// Makes a file of the bytes of frames, whatever is in their bodies.
///
/// # Panics
/// The bytes are not of frames that follow each other.
pub fn file_of(frames: &[Vec<u8>]) -> Vec<u8> {
    let (partition, before) = (PartitionId(3), Chain::default());
    let header = LogFileHeader { is_slice: false, partition, before, genesis: None, subject: None };
    let mut writer = LogFileWriter::new(header);
    let (mut bytes, mut next) = (writer.header(), before.position.next());
    for frame in frames {
        let count = dacapo_log::wire::FrameView::parse(frame, &ReadLimits::TRUSTED)
            .map_or(1, |view| view.count);
        bytes.extend(writer.frame(next, count, frame).expect("the next frame"));
        next = next.plus(u64::from(count));
    }
    bytes.extend(writer.trailer());
    bytes
}

/// Returns the bytes of the frames of a file.
///
/// # Panics
/// The bytes are not a whole log.
pub fn frames(file: &[u8]) -> Vec<Vec<u8>> {
    let items = LogFileReader::new(file, ReadLimits::UNTRUSTED).expect("a log file");
    let frame = |item| match item {
        LogFileItem::Frame { bytes, .. } => bytes.to_vec(),
        LogFileItem::Leaf { .. } => panic!("expected a whole log, found a leaf"),
    };
    items.map(|item| frame(item.expect("an item"))).collect()
}

/// Returns the digests after each frame.
///
/// # Panics
/// The log cannot be followed.
pub fn digests(frames: &[Vec<u8>]) -> Vec<StateDigest> {
    let mut follower = Follower::<Process>::new(DigestMode::Every, ReadLimits::UNTRUSTED);
    let mut digest = |frame: &Vec<u8>| {
        follower.push(frame).expect("the next frame");
        follower.engine().place().digest
    };
    frames.iter().map(&mut digest).collect()
}

/// Shows a log as text: its records, and after each frame the digest of the state.
///
/// # Panics
/// The log cannot be followed.
pub fn text(file: &[u8]) -> String {
    let names = dacapo::names::process_names();
    let (mut printer, frames) = (Printer::<Process>::new(&names), frames(file));
    let mut text = String::new();
    for (bytes, digest) in frames.iter().zip(digests(&frames)) {
        let frame = decode(bytes).expect("a frame");
        text += &printer.print(&frame).expect("a frame that can be printed");
        let time = frame.header.timestamp.0;
        writeln!(text, "  = {digest} at {time}").expect("a text");
    }
    text
}

/// Says why a log cannot be played step by step to its end: the code and the position of the error, and its text.
pub fn problem(file: &[u8]) -> String {
    let played = Player::<Process>::open(file, ReadLimits::UNTRUSTED, DigestMode::Every).and_then(
        |mut player| {
            while player.step_forward()? {}
            Ok(())
        },
    );
    let Err(error) = played else { return "none".to_owned() };
    let position = error.position().map_or_else(|| "-".to_owned(), |it| it.0.to_string());
    format!("{} {position} {error}", error.code())
}
