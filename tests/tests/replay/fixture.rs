//! Logs to play, whole and forged.

use dacapo_engine::kernel::{AnyEvent, Content, DigestMode, Engine, EventRecord, Frame, Outcome};
use dacapo_engine::record::PartitionId;
use dacapo_log::replay::{Player, Verifier};
use dacapo_log::wire::{self, Chain, LogFileHeader, LogFileWriter, Names, ReadLimits, StoredFrame};
use dacapo_tests::drive::{Drive, small_limits};
use dacapo_tests::toy::{Add, FIELDS, FanOut, SetTimer, Subtract, Toy};

pub fn player(log: &Drive<Toy>) -> Player<Toy> {
    Player::from_stored(&log.stored, DigestMode::Every).expect("a whole log")
}

pub fn verifier() -> Verifier<Toy> {
    Verifier::new(ReadLimits::UNTRUSTED, Names::of::<Toy>(&FIELDS))
}

/// A log that is long enough for snapshots in memory, with timers and parked work in it.
pub fn long_log() -> Drive<Toy> {
    let mut drive = Drive::<Toy>::new(small_limits());
    for turn in 0..900_u64 {
        drive.now.0 += 10;
        let name = format!("counter-{}", turn % 7);
        match turn % 5 {
            0 => drive.send(FanOut { name: name.as_str().into(), times: 20 }),
            1 => drive.send(Subtract { name: name.as_str().into(), amount: turn % 3 }),
            2 => drive.send(SetTimer { name: name.as_str().into(), after_ms: 35 }),
            _ => drive.request(
                Some(&format!("r-{turn}")),
                Add { name: name.as_str().into(), amount: turn },
            ),
        };
        drive.internal(3);
    }
    drive
}

/// Takes the frames of a log, changes them, and makes their digests, bytes and hashes fit as far as a forger can.
pub fn forge(log: &Drive<Toy>, change: impl FnOnce(&mut Vec<Frame<Toy>>)) -> Vec<StoredFrame> {
    let mut frames = log.frames.clone();
    change(&mut frames);
    let (mut chain, mut engine) = (Chain::default(), Some(Engine::<Toy>::new(DigestMode::Every)));
    let mut stored = Vec::new();
    for (mut frame, original) in frames.into_iter().zip(&log.frames) {
        frame.header.position = chain.position.next();
        let is_digest_forged = frame.digest != original.digest;
        let mut blank = frame.clone();
        // A forger replays the log and writes the digest that comes out.
        if let Some(it) = &mut engine {
            if let Err(dacapo_engine::kernel::ReplayError::Digest { found, .. }) = it.replay(&blank)
                && !is_digest_forged
            {
                blank.digest = found;
            }
            if is_digest_forged {
                engine = None;
            }
        }
        let bytes = wire::encode(&blank).expect("a frame");
        let count = u32::try_from(blank.count()).expect("a small frame");
        let hash = chain.push(blank.header.position, count, &bytes).expect("the next frame");
        stored.push(StoredFrame::new(&blank, bytes.into(), hash));
    }
    stored
}

pub fn forged_digest(stored: &StoredFrame) -> [u8; 8] {
    wire::decode::<Toy>(&stored.body).expect("a frame").digest
}

pub fn events(frame: &mut Frame<Toy>) -> &mut Vec<EventRecord<AnyEvent<Toy>>> {
    match &mut frame.content {
        Content::Step(_, Outcome::Events(events)) => events,
        other => panic!("expected events, found {other:?}"),
    }
}

pub fn slice(stored: &[StoredFrame], is_shown: impl Fn(usize) -> bool) -> Vec<u8> {
    let is_slice = !(0..stored.len()).all(&is_shown);
    let (partition, before) = (PartitionId(3), Chain::default());
    let mut writer = LogFileWriter::new(LogFileHeader {
        is_slice,
        partition,
        before,
        genesis: None,
        subject: None,
    });
    let mut bytes = writer.header();
    for (index, frame) in stored.iter().enumerate() {
        let leaf = wire::leaf(&frame.body);
        let part = if is_shown(index) {
            writer.frame(frame.position, frame.count, &frame.body)
        } else {
            writer.leaf(frame.position, frame.count, &leaf)
        };
        bytes.extend(part.expect("the next frame"));
    }
    bytes.extend(writer.trailer());
    bytes
}
