//! Texts that are no expressions, limits, warnings.

use alloc::format;
use alloc::string::{String, ToString};

use super::super::context::Context;
use super::super::env::Env;
use super::super::error::{EvaluationError, EvaluationErrorKind};
use super::super::expression::{Expression, evaluate};
use super::super::limits::{EVALUATION_DEPTH_MAX, VALUE_DEPTH_MAX, VALUE_WEIGHT_MAX};
use super::super::value::Value;
use super::scope;

fn result(source: &str, fuel: u64) -> Result<Value, EvaluationError> {
    let expression = Expression::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
    evaluate(&expression, &scope(), &mut Env::new(0).with_fuel(fuel))
}

#[test]
fn syntax_errors_say_what_and_where() {
    for (source, message) in [
        ("", "expected an expression, found the end at byte 0"),
        ("1 +", "expected an expression, found the end at byte 3"),
        ("1 1", "expected the end, found '1' at byte 2"),
        ("(1", "expected ')', found the end at byte 2"),
        ("[1, ", "expected an expression, found the end at byte 4"),
        ("\"abc", "expected a closing quote, found the end at byte 0"),
        ("`abc", "expected a closing backtick, found the end at byte 0"),
        ("/* abc", "expected the end of the comment, found the end at byte 0"),
        ("if true then 1", "expected 'else', found the end at byte 14"),
        ("for in [1] return 1", "expected the end of the name, found '[' at byte 7"),
        ("[1, 2 +]", "expected an expression, found ']' at byte 7"),
        ("{a: 1, a: 2}", "expected 'a' only once, found ':' at byte 8"),
        ("f(a: 1, a: 2)", "expected 'a' only once, found ':' at byte 9"),
        ("a.1", "expected the end, found '.1' at byte 1"),
        ("a # b", "expected the end, found '#' at byte 2"),
        ("\"\\uD83D\"", "expected a text with valid escapes, found '\"\\uD83D\"' at byte 0"),
        ("and", "expected an expression, found 'and' at byte 0"),
        ("x in", "expected an expression, found the end at byte 4"),
        ("f(a: 1, 2)", "expected the name of a parameter, found '2' at byte 8"),
        ("1 instance number", "expected 'of', found 'number' at byte 11"),
    ] {
        let error = Expression::parse(source).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some(message), "{source}");
    }
}

#[test]
fn a_caret_points_at_the_place() {
    let source = "é +\n  2 + )";
    let caret = Expression::parse(source).err().map(|error| error.caret(source));
    assert_eq!(caret.as_deref(), Some("  2 + )\n      ^"));
}

#[test]
fn expressions_are_limited_in_length_and_depth() {
    let repeated = |open: &str, close: &str, count: usize| {
        format!("{}1{}", open.repeat(count), close.repeat(count))
    };
    assert!(Expression::parse(&repeated("(", ")", 60)).is_ok());
    for source in [
        repeated("(", ")", 5_000),
        repeated("[", "]", 5_000),
        repeated("1 or 2 and 3 = 4 + 5 * 6 ** (", ")", 200),
        repeated("-", "", 10_000),
        repeated("{a:", "}", 3_000),
        repeated("abs(", ")", 3_000),
        repeated("if true then ", " else 1", 700),
        repeated("function() ", "", 1_000),
        repeated("for i in ", " return i", 700),
        repeated("1 in (", ")", 2_000),
        repeated("](", "", 5_000),
        format!("a{}", ".b".repeat(5_000)),
        format!("a{}", "[1]".repeat(5_000)),
        format!("a{}", " = 1".repeat(4_000)),
        format!("1 instance of {}number", "list<".repeat(3_000)),
        "1".repeat(20_000),
    ] {
        let error = Expression::parse(&source).err().map(|error| error.expected);
        let start: String = source.chars().take(20).collect();
        assert!(error.is_some_and(|expected| expected.starts_with("at most")), "{start}");
    }
}

#[test]
fn long_chains_are_not_deep() {
    assert_eq!(result(&format!("1{}", " + 1".repeat(4_000)), 100_000), Ok(Value::from(4_001)));
    assert_eq!(
        result(&format!("true{}", " and true".repeat(1_500)), 100_000),
        Ok(Value::Bool(true))
    );
    let branches = "if false then 1 else ".repeat(700);
    assert_eq!(result(&format!("{branches}2"), 100_000), Ok(Value::from(2)));
}

#[test]
fn fuel_ends_what_would_not_end() {
    let exhausted = Err(EvaluationErrorKind::FuelExhausted { limit: 10_000 }.into());
    for source in [
        "for i in 1..1000000000000 return i",
        "count(for i in 1..10000, j in 1..10000 return 1)",
        "every i in 1..1000000000000 satisfies i > 0",
        "for i in 1..20000 return if i = 1 then \"ab\" else partial[-1] + partial[-1]",
        "string length(string join(for i in 1..9000 return \"abcdefghij\", \"abcdefghij\"))",
        "for i in 1..1e6144 return i",
    ] {
        assert_eq!(result(source, 10_000), exhausted, "{source}");
    }
    assert_eq!(result("1 + 1", 2), Err(EvaluationErrorKind::FuelExhausted { limit: 2 }.into()));
    assert_eq!(result("1 + 1", 3), Ok(Value::from(2)));
}

#[test]
fn recursion_ends() {
    let too_deep = Err(EvaluationErrorKind::TooDeep { limit: EVALUATION_DEPTH_MAX }.into());
    assert_eq!(result("{f: function(g) g(g), r: f(f)}.r", 1_000_000), too_deep);
    assert_eq!(result("{f: function(g, n) 1 + g(g, n + 1), r: f(f, 0)}.r", 1_000_000), too_deep);
    assert_eq!(result("{f: function(n) f(n + 1), r: f(0)}.r", 1_000_000), too_deep);
    let iterators = "i in [1], ".repeat(300);
    assert_eq!(result(&format!("for {iterators} i in [1] return 1"), 1_000_000), too_deep);
}

#[test]
fn values_stay_small_and_flat() {
    let too_deep = Err(EvaluationErrorKind::TooDeep { limit: VALUE_DEPTH_MAX }.into());
    let too_large = Err(EvaluationErrorKind::TooLarge { limit: VALUE_WEIGHT_MAX }.into());
    assert_eq!(result("for i in 1..100 return [partial[-1]]", 1_000_000), too_deep);
    assert_eq!(result("for i in 1..100 return partial", 1_000_000), too_large);
    assert_eq!(result("for i in 1..40 return [partial[-1], partial[-1]]", 1_000_000), too_large);
    let entries: String = (1..200).map(|i| format!(", a{i}: [a{}, a{}]", i - 1, i - 1)).collect();
    assert_eq!(result(&format!("{{a0: 1{entries}}}"), 1_000_000), too_large);
    let entries: String = (1..200).map(|i| format!(", a{i}: function() a{}", i - 1)).collect();
    assert_eq!(result(&format!("{{a0: 1{entries}}}"), 1_000_000), too_deep);
}

#[test]
fn a_failed_assert_leaves_no_result() {
    let failed = |cause: Option<&str>| {
        Err(EvaluationErrorKind::Assertion { cause: cause.map(Into::into) }.into())
    };
    assert_eq!(result("assert(5, false)", 1_000), failed(None));
    assert_eq!(result("assert(5, null)", 1_000), failed(None));
    assert_eq!(result("1 + assert(5, false, \"because\")", 1_000), failed(Some("because")));
}

#[test]
fn what_has_no_value_says_where_it_ended() {
    let stop = |source: &str| {
        let Ok(expression) = Expression::parse(source) else { panic!("{source}") };
        let mut env = Env::new(0).with_fuel(2_000);
        assert!(evaluate(&expression, &scope(), &mut env).is_err(), "{source}");
        env.stop().map(|it| (it.part.to_string(), it.to_string())).unwrap_or_default()
    };
    let (part, shown) = stop("1 + assert(amount, amount > 1e9)");
    assert_eq!(part, "assert(amount, amount > 1e9)");
    assert_eq!(
        shown,
        "'assert(amount, amount > 1e9)' of expression '1 + assert(amount, amount > 1e9)'"
    );
    assert_eq!(stop("assert(1, false)").1, "expression 'assert(1, false)'");
    assert_eq!(stop("{f: function(x) assert(x, x < 3), r: [f(1), f(5)]}.r").0, "assert(x, x < 3)");
    assert_eq!(
        stop("if amount > 0 then count(for i in 1..1e9 return i) else 0").0,
        "for i in 1..1e9 return i"
    );
}

#[test]
fn warnings_are_bounded_and_have_places() {
    let Ok(expression) = Expression::parse("for i in 1..1000 return missing") else {
        panic!("it parses")
    };
    let mut env = Env::new(0);
    assert!(evaluate(&expression, &Context::new(), &mut env).is_ok());
    assert_eq!(env.warnings.len(), 64);
    let warning = env.warnings.first().map(|it| (it.span.start, it.reason.as_str()));
    assert_eq!(warning, Some((24, "expected a variable 'missing', found none")));
}
