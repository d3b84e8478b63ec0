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
            for [one, other, ..] in &picks[..2] {
                for regex in regexes(one.get(&words).as_str(), other.get(&words).as_str()) {
                    searched.check(&regex);
                }
            }
            let fields: Vec<String> = searched.fields().into_iter().collect();
            for [one, other, ..] in &picks {
                let (one, other) = (one.get(&fields), other.get(&fields));
                assert!(!is_named(one) || searched.check(one) > 0, "{one}");
                searched.check(&[one.as_str(), other].join(" "));
                // The value of another field, which this one may have or not.
                if let (Some((name, _)), Some((_, value))) = (one.split_once('='), other.split_once('=')) {
                    searched.check(&format!("{name}={value}"));
                    searched.check(&format!("{name}={}", value.trim_matches('"').to_ascii_uppercase()));
                }
            }
        }
    }
}

/// Returns regular expressions that match a text, or that and another one, or something like it.
fn regexes(text: &str, other: &str) -> Vec<String> {
    let escaped = |text: &str| {
        let sign = |it: char| {
            if it.is_alphanumeric() || it == ' ' { it.to_string() } else { format!("\\{it}") }
        };
        text.chars().map(sign).collect::<String>()
    };
    let (text, other) = (escaped(text), escaped(other));
    let open = text.replace(['a', 'e', '1'], ".");
    let forms = ["{}", "{}.*{o}", "{}|{o}", "^{}", "({})?{o}", "[{o}]{}", "{}?", "{.}", "{}\\b"];
    let forms =
        forms.map(|it| it.replace("{}", &text).replace("{o}", &other).replace("{.}", &open));
    forms.iter().zip(["/", "/is"].iter().cycle()).map(|(it, end)| format!("/{it}{end}")).collect()
}

/// Tells whether a field has a name that can be typed.
fn is_named(field: &str) -> bool {
    let name = field.split('=').next().unwrap_or_default();
    name.starts_with(|it: char| it.is_alphabetic())
        && name.chars().all(|it| it.is_alphanumeric() || "_.-".contains(it))
}

#[test]
fn every_hit_of_the_golden_logs_is_found() {
    let (mut sifted, mut fields_sifted) = (0, 0);
    for (name, bytes) in golden::logs(&golden::folder().join(env!("CARGO_PKG_VERSION"))) {
        let player = Player::<Process>::open(&bytes, ReadLimits::UNTRUSTED, DigestMode::Every);
        let player = player.expect("a golden log");
        let frames = (0..player.frame_count()).filter_map(|it| player.frame_bytes(it));
        let searched = Searched::new(frames);
        for word in searched.words() {
            assert!(searched.check(&word) > 0, "{name}: {word}");
            sifted += usize::from(searched.is_sifted(&word));
        }
        for field in searched.fields().iter().filter(|it| is_named(it)) {
            assert!(searched.check(field) > 0, "{name}: {field}");
            assert_eq!(searched.problem(field), None, "{name}");
            fields_sifted += usize::from(searched.is_sifted(field));
        }
    }
    assert!(sifted > 200, "only {sifted} words need not be looked for in every record");
    assert!(
        fields_sifted > 200,
        "only {fields_sifted} fields need not be looked for in every record"
    );
}
