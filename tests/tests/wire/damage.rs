//! Bytes that are no frames, and frames that are not the next.

use dacapo_log::wire::{self, Chain, FrameView, ReadLimits, StoredFrame, WireError, WireProblem};
use dacapo_tests::toy::Toy;

use crate::fixture::*;

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
