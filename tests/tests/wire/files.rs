//! Log files and slices.

use dacapo_engine::record::PartitionId;
use dacapo_log::wire::{
    self, Chain, Hash, LogFileError, LogFileHeader, LogFileItem, LogFileReader, LogFileWriter,
    ReadLimits, StoredFrame,
};

use crate::fixture::*;

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
        subject: None,
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
