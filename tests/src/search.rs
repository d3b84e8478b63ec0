//! Searches a log for words: through every record, and through those alone whose bytes may hold them.

use std::collections::BTreeSet;

use dacapo_engine::process::Process;
use dacapo_engine::process::trail::{Needle, Question, Trail};
use dacapo_engine::record::Position;
use dacapo_log::wire::{
    FrameView, Sifted, command_intent, decode, event_intent, has_letters, sift,
};

/// The frames of a log, as bytes, with what they tell.
pub struct Searched<'a> {
    frames: Vec<&'a [u8]>,
    trail: Trail,
    /// What is said of each record, with its intent.
    said: Vec<(Position, &'static str, String)>,
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
        let mut said = Vec::new();
        for bytes in &frames {
            records(
                bytes,
                |_, _| true,
                |at, record| {
                    let (intent, text) = saying(&trail, &record);
                    said.push((at, intent, text));
                },
            );
        }
        Self { frames, trail, said }
    }

    /// Returns every word that is said in it, in small letters.
    pub fn words(&self) -> BTreeSet<String> {
        let texts = self.said.iter().flat_map(|(_, intent, text)| [*intent, text.as_str()]);
        let words = texts.flat_map(str::split_whitespace);
        // What begins so is an expression.
        words.filter(|it| !it.starts_with('=')).map(str::to_ascii_lowercase).collect()
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
        if question.needs_facts() {
            return 0;
        }
        let all = self.said.iter().filter(|(_, intent, text)| question.is_said(intent, text));
        let all: Vec<Position> = all.map(|(at, _, _)| *at).collect();
        let needles = Needle::of(&question, &self.trail);
        let mut hits = Vec::new();
        let is_wanted = |intent, body: &[u8]| {
            needles.iter().all(|it| it.is_in(intent, |letters| has_letters(body, letters)))
        };
        for bytes in &self.frames {
            records(bytes, is_wanted, |at, record| {
                let (intent, text) = saying(&self.trail, &record);
                hits.extend(question.is_said(intent, &text).then_some(at));
            });
        }
        assert_eq!(hits, all, "{words:?} with {needles:?}");
        hits.len()
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
