//! Whatever the text: parsing ends without a panic, evaluation stays within its fuel and is the same twice.

use alloc::string::String;

use super::super::env::Env;
use super::super::error::EvaluationError;
use super::super::expression::{Expression, UnaryTests, evaluate, evaluate_unary_tests};
use super::super::json::{self, JsonLimits};
use super::super::text;
use super::super::value::Value;
use super::scope;

/// xorshift64*: the same numbers in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words.get(self.below(words.len())).copied().unwrap_or_default()
    }
}

/// Parses and evaluates; tells whether it was an expression.
fn run(source: &str) -> bool {
    run_cell(source);
    let Ok(expression) = Expression::parse(source) else { return false };
    printed_is_the_same(source, &expression);
    let fuel = 20_000;
    let mut env = Env::new(0).with_fuel(fuel);
    let value = evaluate(&expression, &scope(), &mut env);
    assert!(env.fuel() <= fuel, "{source}");
    let mut again = Env::new(0).with_fuel(fuel);
    let repeated = evaluate(&expression, &scope(), &mut again);
    // two functions are never equal, their text is
    let printed =
        |it: &Result<Value, EvaluationError>| it.as_ref().map(text::print).map_err(Clone::clone);
    assert_eq!(printed(&repeated), printed(&value), "{source}");
    assert_eq!((env.fuel(), &env.warnings), (again.fuel(), &again.warnings), "{source}");
    if let Ok(value) = value {
        // functions print as text, so only the form is checked
        assert!(json::parse(&json::print(&value), &JsonLimits::default()).is_ok(), "{source}");
    }
    true
}

/// Parses and evaluates as the cell of a table; what is printed is the same cell. Tells whether it was one.
fn run_cell(source: &str) -> bool {
    let Ok(tests) = UnaryTests::parse(source) else { return false };
    let printed = tests.formatted();
    let Ok(again) = UnaryTests::parse(&printed) else {
        let error = UnaryTests::parse(&printed).err().map(|error| error.expected);
        assert!(error.is_some_and(|it| it.starts_with("at most")), "{source}\n{printed}");
        return true;
    };
    assert_eq!(again.formatted(), printed, "{source}");
    let answer = |tests| {
        let mut env = Env::new(0).with_fuel(20_000);
        let value = evaluate_unary_tests(tests, &Value::from(3), &scope(), &mut env);
        (value.map(|it| text::print(&it)), env.fuel(), env.warnings.len())
    };
    assert_eq!(answer(&tests), answer(&again), "{source}\n{printed}");
    true
}

/// Checks that parse ∘ print is the identity, on the text and on the value.
fn printed_is_the_same(source: &str, expression: &Expression) {
    let printed = expression.formatted();
    let Ok(again) = Expression::parse(&printed) else {
        // only parentheses may be too many
        let error = Expression::parse(&printed).err().map(|error| error.expected);
        assert!(error.is_some_and(|it| it.starts_with("at most")), "{source}\n{printed}");
        return;
    };
    assert_eq!(again.formatted(), printed, "{source}");
    let value = |expression| {
        let mut env = Env::new(0).with_fuel(20_000);
        let value = evaluate(expression, &scope(), &mut env);
        (value.map(|it| text::print(&it)), env.fuel(), env.warnings.len())
    };
    assert_eq!(value(expression), value(&again), "{source}\n{printed}");
}

#[test]
fn any_characters() {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let alphabet: &[&str] = &[
        "a", "1", ".", "\"", "'", "\\", "(", ")", "[", "]", "{", "}", "+", "-", "*", "/", "<", ">",
        "=", "!", ",", ":", "@", "`", "?", " ", "\n", "é", "😀", "\u{0}", "\u{FEFF}", "u", "D",
        "8", "e", "T", "Z", "P", "_", "#", "$",
    ];
    for _ in 0..20_000 {
        let length = numbers.below(24);
        let source: String = (0..length).map(|_| numbers.pick(alphabet)).collect();
        run(&source);
    }
}

#[test]
fn any_words() {
    let mut numbers = Numbers(0xDEAD_BEEF_CAFE_F00D);
    let mut parsed = 0;
    for _ in 0..40_000 {
        let mut source = String::new();
        for _ in 0..numbers.below(10) {
            source.push_str(numbers.pick(WORDS));
            source.push(' ');
        }
        parsed += u32::from(run(&source));
    }
    assert!(parsed > 1_000, "{parsed}");
}

#[test]
fn any_tree() {
    let mut numbers = Numbers(0x0123_4567_89AB_CDEF);
    for _ in 0..10_000 {
        let mut source = String::new();
        grow(&mut numbers, &mut source, 4);
        assert!(run(&source), "{source}");
    }
}

#[test]
fn any_cell() {
    let mut numbers = Numbers(0x0BAD_CAFE_1234_5678);
    for _ in 0..10_000 {
        let is_negated = numbers.below(2) == 1;
        let mut source = String::from(if is_negated { "not(" } else { "" });
        for place in 0..=numbers.below(3) {
            source.push_str(if place > 0 { ", " } else { "" });
            match numbers.below(3) {
                0 => source.push_str(numbers.pick(&["> 2", "<= 3", "!= 4", "\"a\"", "? > 2"])),
                1 => interval(&mut numbers, &mut source),
                _ => grow(&mut numbers, &mut source, 2),
            }
        }
        source.push_str(if is_negated { ")" } else { "" });
        assert!(run_cell(&source), "{source}");
    }
}

/// Writes an interval, its brackets in all the ways in which they are open or closed.
fn interval(numbers: &mut Numbers, source: &mut String) {
    source.push_str(numbers.pick(&["[", "(", "]"]));
    source.push_str(numbers.pick(&["1", "-2.5", "amount", "2 + 1"]));
    source.push_str("..");
    source.push_str(numbers.pick(&["3", "5.5", "amount"]));
    source.push_str(numbers.pick(&["]", ")", "["]));
}

/// Writes a random expression that parses.
fn grow(numbers: &mut Numbers, source: &mut String, depth: u32) {
    if depth == 0 {
        source.push_str(numbers.pick(LEAVES));
        return;
    }
    let form = FORMS.get(numbers.below(FORMS.len())).copied().unwrap_or_default();
    for (place, piece) in form.iter().enumerate() {
        source.push_str(piece);
        if place + 1 < form.len() {
            let depth = numbers.below(depth as usize) as u32;
            grow(numbers, source, depth);
        }
    }
}

const WORDS: &[&str] = &[
    "1",
    "2.5",
    "-",
    "+",
    "*",
    "/",
    "**",
    "\"a\"",
    "amount",
    "items",
    "status",
    "nothing",
    "customer",
    ".name",
    "[1]",
    "[item > 1]",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    "a:",
    "if",
    "then",
    "else",
    "for i in",
    "return",
    "i",
    "..",
    "some x in",
    "every x in",
    "satisfies",
    "and",
    "or",
    "not(",
    "=",
    "!=",
    "<",
    ">=",
    "in",
    "between",
    "instance of number",
    "function(x)",
    "x",
    "count(",
    "sum(",
    "date(",
    "date and time(",
    "string(",
    "sort(",
    "@\"P1D\"",
    "@\"2026-01-01\"",
    "@\"10:00:00Z\"",
    "null",
    "true",
    "partial",
    "?",
    "item",
    "number(",
    "flatten(",
    "context put(",
];
const LEAVES: &[&str] = &[
    "1",
    "0",
    "-3.5",
    "1e30",
    "\"a\"",
    "\"\"",
    "null",
    "true",
    "false",
    "amount",
    "items",
    "customer.name",
    "missing",
    "[]",
    "{}",
    "@\"P1D\"",
    "@\"P1M\"",
    "@\"2026-01-31\"",
    "@\"10:00:00\"",
    "@\"2026-01-01T10:00:00Z\"",
    "[1..5]",
    "(2..\"a\")",
];
// pieces around the places of inner expressions
const FORMS: &[&[&str]] = &[
    &["(", " + ", ")"],
    &["(", " - ", ")"],
    &["(", " * ", ")"],
    &["(", " / ", ")"],
    &["(", " ** ", ")"],
    &["(", " = ", ")"],
    &["(", " < ", ")"],
    &["(", " and ", " or ", ")"],
    &["(", " between ", " and ", ")"],
    &["(", " in ", ")"],
    &["(-", ")"],
    &["(if ", " then ", " else ", ")"],
    &["(for i in ", " return ", ")"],
    &["(for i in 1..3 return [partial, ", "])"],
    &["(some x in ", " satisfies ", ")"],
    &["[", ", ", "]"],
    &["{a: ", ", b: ", "}"],
    &["(", ")[", "]"],
    &["(", ").a"],
    &["(function(p, q) ", ")(", ", ", ")"],
    &["sum(", ")"],
    &["append(", ", ", ")"],
    &["flatten(", ")"],
    &["sort(", ", function(x, y) x < y)"],
    &["string(", ")"],
    &["number(", ")"],
    &["substring(", ", ", ")"],
    &["sublist(", ", ", ")"],
    &["insert before(", ", ", ", ", ")"],
    &["distinct values(", ")"],
    &["context merge([", ", ", "])"],
    &["duration(", ")"],
    &["date and time(", ", ", ")"],
    &["decimal(", ", ", ")"],
    &["modulo(", ", ", ")"],
    &["mean(", ", ", ")"],
    &["before(", ", ", ")"],
    &["overlaps([", "..5], (", "..3))"],
    &["exp(", ")"],
    &["log(", ")"],
    &["matches(string(", "), \"(a|b)*[^c-e]\")"],
    &["replace(string(", "), \"(\\d)|.\", \"<$1>\")"],
    &["split(\"a-b\", string(", "))"],
    &["from json(to json(", "))"],
    &["context put({}, ", ", ", ")"],
    &["context put(context: {}, key: ", ", value: ", ")"],
    &["(if ", " then ", " else if ", " then ", " else ", ")"],
    &["(", " in (> 3, [", "..7), ", "))"],
    &["(", ") instance of function<number, list<Any>> -> context<a: string>"],
    &["(", ") instance of list<number>"],
];
