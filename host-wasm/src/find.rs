//! Looks for records, and for where a predicate over the state turns.

use dacapo_engine::feel::{Context, json};
use dacapo_engine::process::Process;
use dacapo_engine::process::trail::{Needle, Question, QuestionError, facts};
use dacapo_engine::record::Position;
use dacapo_log::replay::Target;
use dacapo_log::wire::{Sifted, decode, frame_json, has_letters, sift};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{argument, refused};
use crate::names::names;
use crate::replay::Replay;
use crate::told::saying;
use crate::values::{array, object, position};
use crate::view::read_key;

#[wasm_bindgen]
impl Replay {
    /// Looks for records in so many steps, of an instance or of the whole log, from a step on. The words must all occur in what
    /// is said of the record, each `/regular expression/` must match it, and each `field=value` must be so of its fields or
    /// variables; what begins with `=` is an expression in FEEL over its fields. `next` is null at the end.
    ///
    /// # Errors
    ///
    /// Throws if a frame is malformed, it is not an expression, or no record has a field or variable of such a name.
    #[wasm_bindgen(unchecked_return_type = "{ hits: number[], next: number | null }")]
    pub fn find(
        &mut self,
        words: &str,
        instance_key: Option<String>,
        from: u32,
        count: u32,
    ) -> Result<JsValue, JsValue> {
        let question = Question::parse(words).map_err(|error| argument(&error.to_string()))?;
        let Steps { part, next } = self.part(instance_key, from, count)?;
        question.check(&self.trail).map_err(failed)?;
        let needles = Needle::of(&question, &self.trail);
        let mut hits = Vec::new();
        for number in part {
            hits.extend(self.hits_of(&question, &needles, number)?);
        }
        Ok(object([("hits", array(hits.into_iter().map(position))), ("next", next)]))
    }

    /// Finds where an expression over the state of an instance turns true or false, in so many of its steps from one on.
    /// `holds` is what it was before them. Goes through these steps and stays at the last one.
    ///
    /// # Errors
    ///
    /// Throws if it is not an expression, or the log cannot be played.
    #[wasm_bindgen(
        unchecked_return_type = "{ flips: { position: number, holds: boolean }[], holds: boolean, next: number | null }"
    )]
    pub fn bisect(
        &mut self,
        expression: &str,
        instance_key: &str,
        from: u32,
        count: u32,
        holds: bool,
    ) -> Result<JsValue, JsValue> {
        let source = expression.trim().trim_start_matches('=');
        let question = Question::parse(&format!("={source}"));
        let question = question.map_err(failed)?;
        let instance = read_key(instance_key)?;
        let Steps { part, next } = self.part(Some(instance_key.to_owned()), from, count)?;
        let (mut flips, mut holds) = (Vec::new(), holds);
        for number in part {
            let at = self.first_of(number);
            self.player.seek(&Target::Position(at)).map_err(|error| refused(&error))?;
            let place = self.player.engine().place();
            let facts = facts(&self.player.engine().view(), instance, place.position);
            let is_so = question.holds(&facts, place.timestamp);
            let is_so = is_so.map_err(failed)?;
            if is_so != holds {
                holds = is_so;
                flips.push(object([("position", position(at)), ("holds", holds.into())]));
            }
        }
        Ok(object([("flips", array(flips)), ("holds", holds.into()), ("next", next)]))
    }
}

impl Replay {
    /// Returns the records of a step that are looked for. Only those are decoded of which that can be.
    fn hits_of(
        &self,
        question: &Question,
        needles: &[Needle],
        number: u64,
    ) -> Result<Vec<Position>, JsValue> {
        let view = self.frame_view(number)?;
        let is_wanted = |intent: u16, body: &[u8]| {
            needles.iter().all(|it| it.is_in(intent, |letters| has_letters(body, letters)))
        };
        let (mut hits, mut problem) = (Vec::new(), None);
        if question.is_expression() {
            hits.extend((0..=view.records.len() as u64).map(|it| view.position.plus(it)));
        } else {
            let told = |at: Position, record: Sifted<Process>| {
                let (intent, said) = saying(&self.trail, &record);
                match question.is_said(intent, &said) {
                    Ok(is_said) => hits.extend(is_said.then_some(at)),
                    Err(error) => problem = Some(error),
                }
            };
            sift(&view, is_wanted, told).map_err(|error| refused(&error))?;
        }
        if let Some(error) = problem {
            return Err(failed(error));
        }
        if question.needs_facts() && !hits.is_empty() {
            let now = view.timestamp;
            let mut found = Vec::new();
            for (facts, offset) in self.facts_of(number)?.iter().zip(0_u64..) {
                let at = view.position.plus(offset);
                if hits.binary_search(&at).is_ok() && question.holds(facts, now).map_err(failed)? {
                    found.push(at);
                }
            }
            hits = found;
        }
        Ok(hits)
    }

    /// Returns the fields of each record of a frame, as expressions see them.
    fn facts_of(&self, number: u64) -> Result<Vec<Context>, JsValue> {
        let bytes = self.player.frame_bytes(number).unwrap_or_default();
        let text = frame_json(bytes, names()).map_err(|error| refused(&error))?;
        let limits = json::JsonLimits::default();
        let shown = json::parse(&text, &limits).map_err(|error| argument(&error.to_string()))?;
        let frame = decode(bytes).map_err(|error| refused(&error))?;
        Ok(self.trail.facts_of(&frame, &shown))
    }

    fn part(
        &mut self,
        instance_key: Option<String>,
        from: u32,
        count: u32,
    ) -> Result<Steps, JsValue> {
        let (from, count) = (u64::from(from), u64::from(count));
        let (part, total): (Vec<u64>, u64) = match instance_key {
            None => {
                self.fold()?;
                let total = self.player.frame_count();
                ((from..total.min(from + count)).collect(), total)
            }
            Some(key) => {
                let steps = self.steps(Some(key))?;
                let part = steps.iter().skip(from as usize).take(count as usize).copied();
                (part.collect(), steps.len() as u64)
            }
        };
        let to = from + count;
        let next = if to < total { JsValue::from(to as f64) } else { JsValue::NULL };
        Ok(Steps { part, next })
    }
}

fn failed(error: QuestionError) -> JsValue {
    argument(&error.to_string())
}

/// Some of the steps that were asked for.
struct Steps {
    part: Vec<u64>,
    /// Where it goes on; null at the end.
    next: JsValue,
}
