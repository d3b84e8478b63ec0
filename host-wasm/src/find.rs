//! Looks for records, and for where a predicate over the state turns.

use dacapo_engine::feel::{Context, json};
use dacapo_engine::process::Process;
use dacapo_engine::process::trail::{Needle, Question, facts};
use dacapo_engine::record::Position;
use dacapo_log::replay::Target;
use dacapo_log::wire::{Sifted, frame_json, has_letters, sift};
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
    /// is said of the record; what begins with `=` is an expression in FEEL over its fields. `next` is null at the end.
    ///
    /// # Errors
    ///
    /// Throws if a frame is malformed, or it is not an expression.
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
        let hits = if question.needs_facts() {
            self.find_facts(&question, &part)
        } else {
            self.find_words(&question, &part)
        };
        Ok(object([("hits", array(hits?.into_iter().map(position))), ("next", next)]))
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
        let question = question.map_err(|error| argument(&error.to_string()))?;
        let instance = read_key(instance_key)?;
        let Steps { part, next } = self.part(Some(instance_key.to_owned()), from, count)?;
        let (mut flips, mut holds) = (Vec::new(), holds);
        for number in part {
            let at = self.first_of(number);
            self.player.seek(&Target::Position(at)).map_err(|error| refused(&error))?;
            let place = self.player.engine().place();
            let facts = facts(&self.player.engine().view(), instance, place.position);
            let is_so = question.holds(&facts, place.timestamp);
            let is_so = is_so.map_err(|error| argument(&error.to_string()))?;
            if is_so != holds {
                holds = is_so;
                flips.push(object([("position", position(at)), ("holds", holds.into())]));
            }
        }
        Ok(object([("flips", array(flips)), ("holds", holds.into()), ("next", next)]))
    }
}

impl Replay {
    /// Returns the records of some steps of which all words are said. Only those are decoded that may say them.
    fn find_words(&self, question: &Question, steps: &[u64]) -> Result<Vec<Position>, JsValue> {
        let needles = Needle::of(question, &self.trail);
        let is_wanted = |intent: u16, body: &[u8]| {
            needles.iter().all(|it| it.is_in(intent, |letters| has_letters(body, letters)))
        };
        let mut hits = Vec::new();
        for number in steps {
            let view = self.frame_view(*number)?;
            let told = |at: Position, record: Sifted<Process>| {
                let (intent, said) = saying(&self.trail, &record);
                if question.is_said(intent, &said) {
                    hits.push(at);
                }
            };
            sift(&view, is_wanted, told).map_err(|error| refused(&error))?;
        }
        Ok(hits)
    }

    /// Returns the records of some steps of which an expression holds.
    fn find_facts(&self, question: &Question, steps: &[u64]) -> Result<Vec<Position>, JsValue> {
        let mut hits = Vec::new();
        for number in steps {
            let view = self.frame_view(*number)?;
            for (facts, offset) in self.facts_of(*number)?.iter().zip(0_u64..) {
                let holds = question.holds(facts, view.timestamp);
                if holds.map_err(|error| argument(&error.to_string()))? {
                    hits.push(view.position.plus(offset));
                }
            }
        }
        Ok(hits)
    }

    /// Returns the fields of each record of a frame, as expressions see them.
    fn facts_of(&self, number: u64) -> Result<Vec<Context>, JsValue> {
        let bytes = self.player.frame_bytes(number).unwrap_or_default();
        let text = frame_json(bytes, names()).map_err(|error| refused(&error))?;
        let limits = json::JsonLimits::default();
        let frame = json::parse(&text, &limits).map_err(|error| argument(&error.to_string()))?;
        Ok(Question::records_of(&frame))
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

/// Some of the steps that were asked for.
struct Steps {
    part: Vec<u64>,
    /// Where it goes on; null at the end.
    next: JsValue,
}
