//! Properties of decision models: whatever stands in a file, reading ends, tells places within the file, and evaluation
//! stays within its fuel and says the same every time.

use std::path::Path;

use dacapo_engine::dmn::{Evaluation, Failure, Model, Resource, XmlLimits};
use dacapo_engine::feel::{Context, Dialect, Env};
use dacapo_tests::spec::{decision_suites, decisions, markdown};
use proptest::prelude::*;

/// A change of a text, at places given in thousandths of its length.
#[derive(Clone, Debug)]
enum Change {
    Cut(usize, usize),
    Double(usize, usize),
    Move(usize, usize, usize),
    Insert(usize, &'static str),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let place = || 0..1000_usize;
    let length = || 1..60_usize;
    let change = prop_oneof![
        (place(), length()).prop_map(|(at, length)| Change::Cut(at, length)),
        (place(), length()).prop_map(|(at, length)| Change::Double(at, length)),
        (place(), length(), place()).prop_map(|(at, length, to)| Change::Move(at, length, to)),
        (place(), prop::sample::select(PIECES)).prop_map(|(at, piece)| Change::Insert(at, piece)),
    ];
    prop::collection::vec(change, 0..6)
}

fn changed(text: &str, changes: &[Change]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for change in changes {
        let place = |thousandths: usize, length: usize| thousandths * length / 1000;
        match *change {
            Change::Cut(at, length) => drop(cut(&mut characters, at, length)),
            Change::Double(at, length) => {
                let piece = cut(&mut characters, at, length);
                let at = place(at, characters.len());
                characters.splice(at..at, piece.iter().chain(&piece).copied());
            }
            Change::Move(at, length, to) => {
                let piece = cut(&mut characters, at, length);
                let to = place(to, characters.len());
                characters.splice(to..to, piece);
            }
            Change::Insert(at, piece) => {
                let at = place(at, characters.len());
                characters.splice(at..at, piece.chars());
            }
        }
    }
    characters.into_iter().collect()
}

fn cut(characters: &mut Vec<char>, at: usize, length: usize) -> Vec<char> {
    let start = at * characters.len() / 1000;
    let end = (start + length).min(characters.len());
    characters.drain(start..end).collect()
}

/// Returns the models of all suites.
fn models() -> Vec<String> {
    let mut models = Vec::new();
    for suite in decision_suites() {
        let text = std::fs::read_to_string(Path::new(&suite)).expect("a suite");
        models.extend(markdown::sections(&text).iter().map(decisions::model_text));
    }
    assert!(models.len() > 50, "only {} models", models.len());
    models
}

fn evaluate(model: &Model, decision: &str) -> Result<Option<Evaluation>, Failure> {
    let given = Context::from_iter([("x", 1), ("age", 20), ("total", 200), ("a", 2)]);
    let mut env = Env::new(0).with_dialect(Dialect::Dmn).with_fuel(20_000);
    model.evaluate(decision, &given, &mut env)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_change_of_a_model_makes_it_panic_or_hang(
        model in prop::sample::select(models()),
        changes in changes(),
    ) {
        let text = changed(&model, &changes);
        let resource = Resource { name: "m.dmn", bytes: text.as_bytes() };
        let lines = text.lines().count().max(1);
        match Model::parse(resource, &[], &XmlLimits::default()) {
            Ok(_) => {}
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                for problem in &problems {
                    prop_assert!((1..=lines + 1).contains(&(problem.line as usize)), "{problem}");
                    prop_assert!(!problem.message.is_empty());
                }
            }
        }
        if let Ok(model) = Model::compile(resource, &[]) {
            for decision in model.decisions() {
                // as text: two functions are never equal
                let shown = || format!("{:?}", evaluate(&model, &decision.id));
                prop_assert_eq!(shown(), shown());
            }
        }
    }
}

const PIECES: &[&str] = &[
    "<",
    ">",
    "\"",
    "&lt;",
    "]]>",
    "<!--",
    "</decision>",
    "<context>",
    "<list/>",
    "d",
    "#a",
    " x ",
    "(",
    ")",
    "[",
    "..",
    "{",
    "}",
    "-",
    "?",
    "null",
    "for i in 1..9 return ",
    "partial",
    "é",
    "\u{1F40E}",
];
