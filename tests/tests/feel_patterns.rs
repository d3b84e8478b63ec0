//! The regular expressions of FEEL find what those of the crate `regex-automata` find.

use dacapo_engine::feel::{Context, Env, Expression, Value, evaluate};
use proptest::prelude::*;
use regex_automata::meta::Regex;

/// A pattern that both understand in the same way. Nothing that may be empty is repeated: there the two count the
/// rounds differently.
fn pattern() -> impl Strategy<Value = String> {
    let atom = prop_oneof![
        8 => prop::sample::select(vec!["a", "b", "c", "é", ".", "[ab]", "[^a]", "[b-c]", r"\d", r"\."])
            .prop_map(str::to_owned),
        1 => Just("😀".to_owned()),
    ];
    atom.prop_recursive(4, 24, 3, |inner| {
        let repeated = (inner.clone(), prop::sample::select(QUANTIFIERS.to_vec()));
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("(?:{left}|{right})")),
            inner.clone().prop_map(|inner| format!("({inner})")),
            repeated.prop_map(|(inner, quantifier)| format!("(?:a{inner}){quantifier}")),
            inner.prop_map(|inner| format!("(b{inner})+")),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    let letters = prop::sample::select(vec!['a', 'b', 'c', 'é', '😀', '1', '.', ' ']);
    prop::collection::vec(letters, 0..12).prop_map(String::from_iter)
}

fn value(source: &str, text: &str, pattern: &str) -> Value {
    let scope = Context::from_iter([("text", text), ("pattern", pattern)]);
    let expression = Expression::parse(source).expect("an expression");
    evaluate(&expression, &scope, &mut Env::new(0)).expect("enough fuel")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_first_match_and_its_groups_are_the_same(pattern in pattern(), text in text()) {
        // Java's `\d` is ASCII
        let other = Regex::new(&pattern.replace(r"\d", "[0-9]")).expect("a pattern");
        let mut captures = other.create_captures();
        other.captures(&text, &mut captures);
        let found = captures.get_match().map(|it| text[it.range()].to_owned());
        let first = value("extract(text, pattern)[1]", &text, &pattern);
        prop_assert_eq!(first.as_str(), found.as_deref(), "{} in {:?}", pattern, text);

        let whole = format!("^(?:{pattern}).*$");
        let other = Regex::new(&whole.replace(r"\d", "[0-9]")).expect("a pattern");
        let mut captures = other.create_captures();
        other.captures(&text, &mut captures);
        if captures.is_match() {
            let groups = captures.group_len().saturating_sub(1).min(9);
            let wanted: Vec<String> = (1..=groups)
                .map(|group| captures.get_group(group).map_or("", |it| &text[it.range()]).to_owned())
                .collect();
            let replacement: Vec<String> = (1..=groups).map(|group| format!("${group}")).collect();
            let source = format!("replace(text, pattern, \"{}\")", replacement.join("|"));
            let (found, wanted) = (value(&source, &text, &whole), wanted.join("|"));
            prop_assert_eq!(found.as_str(), Some(wanted.as_str()), "{} in {:?}", whole, text);
        }
    }
}

const QUANTIFIERS: &[&str] = &["*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{1,}?"];
