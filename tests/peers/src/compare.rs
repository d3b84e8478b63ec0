//! Whether all have the same values.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::cases::{self, Case};
use crate::dsntk;

/// Prints the values that differ; tells whether exactly these are explained.
pub fn run(cases: &[Case], feelin: &[Json]) -> bool {
    let mut reasons = reasons();
    let (mut different, mut unexplained) = (0, 0);
    assert_eq!(cases.len(), feelin.len(), "a value for each case");
    for (case, feelin) in cases.iter().zip(feelin) {
        let ours = cases::value(case);
        for (peer, theirs) in [("dsntk", &dsntk::value(case)), ("feelin", feelin)] {
            if is_same(&ours, theirs) {
                continue;
            }
            different += 1;
            let reason = reasons.remove(&(peer, case.source.as_str()));
            unexplained += usize::from(reason.is_none());
            let reason = reason.unwrap_or("NOT EXPLAINED");
            println!("{}\n  dacapo {ours}, {peer} {theirs}: {reason}", case.source);
        }
    }
    for (peer, source) in reasons.keys() {
        println!("{source}\n  {peer} has the same value: differences.txt need not explain it");
    }
    println!(
        "{} expressions, each in dacapo, dsntk and feelin: {different} values of peers differ, {unexplained} without an \
         explanation, {} explanations without a difference",
        cases.len(),
        reasons.len(),
    );
    unexplained == 0 && reasons.is_empty()
}

/// Reads the explanations by peer and expression.
fn reasons() -> BTreeMap<(&'static str, &'static str), &'static str> {
    let lines = include_str!("../differences.txt").lines().filter(|it| !it.starts_with("# "));
    let mut reasons = BTreeMap::new();
    for line in lines {
        let mut parts = line.splitn(3, " | ");
        let [Some(peer), Some(source), Some(reason)] = [parts.next(), parts.next(), parts.next()]
        else {
            panic!("expected peer | expression | reason, found {line}");
        };
        assert!(reasons.insert((peer, source), reason).is_none(), "explained twice: {line}");
    }
    reasons
}

/// Tells whether two values are the same, numbers in their first 12 digits: feelin has binary floats.
fn is_same(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => {
            let (left, right) = (left.as_f64(), right.as_f64());
            left.zip(right).is_some_and(|(left, right)| (left - right).abs() <= left.abs() * 1e-12)
        }
        (Json::Array(left), Json::Array(right)) => {
            let pairs = || left.iter().zip(right);
            left.len() == right.len() && pairs().all(|(left, right)| is_same(left, right))
        }
        (Json::Object(left), Json::Object(right)) => {
            let is_there = |(name, value): (&String, &Json)| {
                right.get(name).is_some_and(|it| is_same(value, it))
            };
            left.len() == right.len() && left.iter().all(is_there)
        }
        _ => left == right,
    }
}
