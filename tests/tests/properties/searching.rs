//! A search that decodes only what may hold its words finds what a search through everything finds.

use dacapo_engine::kernel::DigestMode;
use dacapo_engine::process::Process;
use dacapo_engine::record::Limits;
use dacapo_log::replay::Player;
use dacapo_log::wire::ReadLimits;
use dacapo_tests::golden;
use dacapo_tests::schedule::{moves, serve};
use dacapo_tests::search::Searched;
use dacapo_tests::{drive::Drive, generate};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::fixture::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever part of whatever word, alone or with another.
    #[test]
    fn every_hit_is_found(block in generate::block(), life in moves(), picks in prop::collection::vec(any::<[Index; 4]>(), 20)) {
        for limits in [Limits::default(), small()] {
            let mut drive: Drive<Process> = live(&block, &life, limits);
            serve(&mut drive, 40);
            let searched = Searched::new(drive.stored.iter().map(|it| &*it.body));
            let words: Vec<String> = searched.words().into_iter().collect();
            for word in &words {
                searched.check(word);
            }
            for [one, other, from, to] in &picks {
                let word = one.get(&words);
                let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
                let (from, to) = (*from.get(&ends), *to.get(&ends));
                let part = &word[from.min(to)..from.max(to)];
                searched.check(part);
                searched.check(&[part, other.get(&words).as_str()].join(" "));
            }
        }
    }
}

#[test]
fn every_hit_of_the_golden_logs_is_found() {
    let mut sifted = 0;
    for (name, bytes) in golden::logs(&golden::folder().join(env!("CARGO_PKG_VERSION"))) {
        let player = Player::<Process>::open(&bytes, ReadLimits::UNTRUSTED, DigestMode::Every);
        let player = player.expect("a golden log");
        let frames = (0..player.frame_count()).filter_map(|it| player.frame_bytes(it));
        let searched = Searched::new(frames);
        for word in searched.words() {
            assert!(searched.check(&word) > 0, "{name}: {word}");
            sifted += usize::from(searched.is_sifted(&word));
        }
    }
    assert!(sifted > 200, "only {sifted} words need not be looked for in every record");
}
