//! Searches a log for words and fields: through every record, and through those alone whose bytes may hold them.

use std::collections::BTreeSet;

use dacapo::names::process_names;
use dacapo_engine::feel::json::JsonLimits;
use dacapo_engine::feel::{Context, Value, json};
use dacapo_engine::process::Process;
use dacapo_engine::process::trail::{Needle, Question, Trail};
use dacapo_engine::record::{Position, Timestamp};
use dacapo_log::wire::{
    FrameView, Sifted, command_intent, decode, event_intent, frame_json, has_letters, sift,
};

/// The frames of a log, as bytes, with what they tell.
pub struct Searched<'a> {
    frames: Vec<&'a [u8]>,
    trail: Trail,
    /// What is said of each record, with its intent.
    said: Vec<(Position, &'static str, String)>,
    /// The fields of each record, in the same order.
    facts: Vec<Context>,
}

impl<'a> Searched<'a> {
    /// Reads all of it.
    ///
    /// # Panics
    /// It is no log.
    pub fn new(frames: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let frames: Vec<&[u8]> = frames.into_iter().collect();
        let mut trail = Trail::default();
        for bytes in &frames {
            trail.take(&decode(bytes).expect("a frame"));
        }
        let names = process_names();
        let (mut said, mut facts) = (Vec::new(), Vec::new());
        for bytes in &frames {
            let shown = frame_json(bytes, &names).expect("a frame");
            let shown = json::parse(&shown, &JsonLimits::default()).expect("JSON");
            facts.extend(trail.facts_of(&decode(bytes).expect("a frame"), &shown));
            records(
                bytes,
                |_, _| true,
                |at, record| {
                    let (intent, text) = saying(&trail, &record);
                    said.push((at, intent, text));
                },
            );
        }
        Self { frames, trail, said, facts }
    }

    /// Returns every word that is said in it, in small letters.
    pub fn words(&self) -> BTreeSet<String> {
        let texts = self.said.iter().flat_map(|(_, intent, text)| [*intent, text.as_str()]);
        let words = texts.flat_map(str::split_whitespace);
        // What begins so is an expression.
        words.filter(|it| !it.starts_with('=')).map(str::to_ascii_lowercase).collect()
    }

    /// Returns searches for the values of fields, as people type them: each as the record that it is of has it.
    pub fn fields(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for facts in &self.facts {
            for (name, value) in facts.iter() {
                typed(name, value, &mut found);
                if let (true, Value::Context(variables)) = (&**name == "variables", value) {
                    variables.iter().for_each(|(name, value)| typed(name, value, &mut found));
                }
                if let (true, Some(name)) = (&**name == "value", facts.get("name")) {
                    typed(name.as_str().unwrap_or_default(), value, &mut found);
                }
            }
        }
        found
    }

    /// Tells what a search is told that asks for what no record has.
    ///
    /// # Panics
    /// It is no search.
    pub fn problem(&self, words: &str) -> Option<String> {
        let question = Question::parse(words).expect("a search");
        question.check(&self.trail).err().map(|it| it.to_string())
    }

    /// Tells whether bytes alone may rule a record out where these words are looked for.
    ///
    /// # Panics
    /// They are no words.
    pub fn is_sifted(&self, words: &str) -> bool {
        !Needle::of(&Question::parse(words).expect("words"), &self.trail).is_empty()
    }

    /// Checks that records which bytes rule out are none that are looked for. Returns how many hits there are; none of an
    /// expression.
    ///
    /// # Panics
    /// A hit is missed.
    pub fn check(&self, words: &str) -> usize {
        let Ok(question) = Question::parse(words) else { return 0 };
        if question.is_expression() {
            return 0;
        }
        let is_said = |intent: &str, text: &str| question.is_said(intent, text).expect("fuel");
        let holds = |facts| question.holds(facts, Timestamp(0)).expect("fuel");
        let all = self.said.iter().zip(&self.facts);
        let all = all.filter(|((_, intent, text), facts)| is_said(intent, text) && holds(facts));
        let all: Vec<Position> = all.map(|((at, _, _), _)| *at).collect();
        let needles = Needle::of(&question, &self.trail);
        let mut hits = Vec::new();
        let is_wanted = |intent, body: &[u8]| {
            needles.iter().all(|it| it.is_in(intent, |letters| has_letters(body, letters)))
        };
        for bytes in &self.frames {
            records(bytes, is_wanted, |at, record| {
                let (intent, text) = saying(&self.trail, &record);
                let number = self.said.binary_search_by_key(&at, |it| it.0).expect("it was said");
                let is_hit = is_said(intent, &text) && holds(&self.facts[number]);
                hits.extend(is_hit.then_some(at));
            });
        }
        assert_eq!(hits, all, "{words:?} with {needles:?}");
        hits.len()
    }
}

/// Writes searches for a value and for what lies in it.
fn typed(path: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Context(context) => {
            context.iter().for_each(|(name, it)| typed(&format!("{path}.{name}"), it, found));
        }
        Value::List(items) => items.iter().for_each(|it| typed(path, it, found)),
        Value::String(text) => {
            let text = text.replace('\\', r"\\").replace('"', r#"\""#);
            found.insert(format!("{path}=\"{text}\""));
        }
        other => {
            found.insert(format!("{path}={}", json::print(other)));
        }
    }
}

fn records(
    bytes: &[u8],
    is_wanted: impl Fn(u16, &[u8]) -> bool,
    told: impl FnMut(Position, Sifted<Process>),
) {
    let view = FrameView::parse_checked(bytes).expect("a frame");
    sift(&view, is_wanted, told).expect("sound bodies");
}

fn saying(trail: &Trail, record: &Sifted<Process>) -> (&'static str, String) {
    match record {
        Sifted::Control(it) => (it.intent().name, String::new()),
        Sifted::Command(it) => (command_intent(it).0.name, trail.describe_command(it)),
        Sifted::Event(it) => {
            (event_intent(&it.event).0.name, trail.describe_event(it.key, &it.event))
        }
        Sifted::Rejection(it) => (it.code.name, it.reason.clone()),
    }
}
