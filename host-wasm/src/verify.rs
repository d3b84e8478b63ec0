//! Deciding a log again, with a report for JavaScript.

use dacapo_engine::process::Process;
use dacapo_log::replay::{Doubt, Player, Report, Verdict, Verifier};
use dacapo_log::wire::{LogFileReader, ReadLimits};
use js_sys::{Function, Map};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::refused;
use crate::names::names;
use crate::values::{array, object, position};

/// Verifies a log file, whole or a slice. What is damaged is in the report; only bytes that are no log file throw.
///
/// # Errors
///
/// Throws if the bytes do not begin as a log file does.
#[wasm_bindgen(js_name = verifyLog, unchecked_return_type = "Report")]
pub fn verify_log(
    bytes: &[u8],
    #[wasm_bindgen(unchecked_param_type = "((frames: number) => void) | null")] progress: Option<
        Function,
    >,
) -> Result<JsValue, JsValue> {
    let limits = ReadLimits::UNTRUSTED;
    let mut reader = LogFileReader::new(bytes, limits).map_err(|error| refused(&error))?;
    let mut verifier = Verifier::from_chain(reader.header().before, limits, names().clone());
    for number in 1_u64.. {
        let item = match reader.next_item() {
            Ok(Some(item)) => item,
            Ok(None) => break,
            Err(error) => return Ok(report(verifier.report(), Some(refused(&error)))),
        };
        let pushed = verifier.push_item(&item);
        tell(progress.as_ref(), number)?;
        if pushed.is_err() {
            break;
        }
    }
    Ok(finish(&verifier))
}

/// Verifies a log whose chain was followed before.
pub(crate) fn verify_player(
    player: &Player<Process>,
    progress: Option<&Function>,
) -> Result<JsValue, JsValue> {
    let mut verifier = Verifier::<Process>::new(ReadLimits::UNTRUSTED, names().clone());
    let mut number = 0;
    while player.verify_frame(number, &mut verifier).unwrap_or(false) {
        number += 1;
        tell(progress, number)?;
    }
    Ok(finish(&verifier))
}

fn tell(progress: Option<&Function>, frames: u64) -> Result<(), JsValue> {
    match progress {
        Some(progress) if frames.is_multiple_of(PROGRESS_EVERY) => {
            progress.call1(&JsValue::NULL, &(frames as f64).into()).map(drop)
        }
        _ => Ok(()),
    }
}

pub(crate) fn finish(verifier: &Verifier<Process>) -> JsValue {
    let failure = verifier.report().failure.as_ref().map(refused);
    report(verifier.report(), failure)
}

pub(crate) fn report(it: &Report, failure: Option<JsValue>) -> JsValue {
    let verdict = if failure.is_some() { Verdict::NotVerifiable } else { it.overall() };
    let other = Map::new();
    for (semantics, steps) in &it.other_semantics {
        other.set(&(*semantics).into(), &(*steps as f64).into());
    }
    let range = |it: &dacapo_log::replay::VerdictRange| {
        object([
            ("verdict", verdict_name(it.verdict).into()),
            ("doubt", it.doubt.map_or(JsValue::NULL, |it| doubt_name(it).into())),
            ("from", position(it.from)),
            ("to", position(it.to)),
            ("frames", (it.frames as f64).into()),
        ])
    };
    object([
        ("verdict", verdict_name(verdict).into()),
        ("ranges", array(it.ranges.iter().map(range))),
        ("reDerived", (it.re_derived as f64).into()),
        ("imposed", (it.imposed as f64).into()),
        ("otherSemantics", other.into()),
        ("notShown", (it.not_shown as f64).into()),
        ("failure", failure.unwrap_or(JsValue::NULL)),
    ])
}

fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::ReDerived => "re-derived",
        Verdict::ChainedOnly => "chained only",
        Verdict::NotVerifiable => "not verifiable",
    }
}

fn doubt_name(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Semantics(_) => "semantics",
        Doubt::Imposed => "imposed",
        Doubt::StateUnknown => "state_unknown",
        Doubt::NotShown => "not_shown",
        Doubt::Failed => "failed",
        _ => "other",
    }
}

const PROGRESS_EVERY: u64 = 1_000;
