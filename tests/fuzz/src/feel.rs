//! Texts of FEEL: parsing ends; what is printed is what was parsed; evaluation ends within its fuel.

use dacapo_engine::feel::json::{self, JsonLimits};
use dacapo_engine::feel::{
    Context, Dialect, Env, EvaluationError, Expression, ParseError, UnaryTests, Value, evaluate,
    evaluate_unary_tests,
};

/// Parses a text as an expression.
pub fn feel_text(bytes: &[u8]) {
    let Ok(source) = core::str::from_utf8(bytes) else { return };
    let expression = match Expression::parse_with_names(source, &NAMES) {
        Ok(expression) => expression,
        Err(error) => return is_told(&error, source),
    };
    let printed = expression.formatted();
    let again = match Expression::parse_with_names(&printed, &NAMES) {
        Ok(again) => again,
        Err(error) => return is_too_long(&error, source, &printed),
    };
    assert_eq!(again.formatted(), printed, "printed twice, of {source}");
    let scope = scope();
    for dialect in DIALECTS {
        let run = |it: &Expression| outcome(dialect, |env| evaluate(it, &scope, env));
        assert_eq!(run(&expression), run(&again), "evaluated in {dialect:?}: {source}\n{printed}");
    }
}

/// Parses a text as unary tests; the value to test stands before the first line break.
pub fn unary_tests(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    let (input, source) = text.split_once('\n').unwrap_or(("1", text));
    let tests = match UnaryTests::parse_with_names(source, &NAMES) {
        Ok(tests) => tests,
        Err(error) => return is_told(&error, source),
    };
    let printed = tests.formatted();
    let again = match UnaryTests::parse_with_names(&printed, &NAMES) {
        Ok(again) => again,
        Err(error) => return is_too_long(&error, source, &printed),
    };
    assert_eq!(again.formatted(), printed, "printed twice, of {source}");
    let scope = scope();
    let input = value(input, &scope);
    for dialect in DIALECTS {
        let run =
            |it: &UnaryTests| outcome(dialect, |env| evaluate_unary_tests(it, &input, &scope, env));
        assert_eq!(run(&tests), run(&again), "evaluated in {dialect:?}: {source}\n{printed}");
    }
}

/// What an evaluation leaves behind, in a form that can be compared: two functions are never equal.
type Left = (Result<String, EvaluationError>, u64, Vec<String>);

fn outcome(
    dialect: Dialect,
    evaluate: impl FnOnce(&mut Env) -> Result<Value, EvaluationError>,
) -> Left {
    let mut env = Env::new(NOW_MS).with_fuel(FUEL).with_dialect(dialect);
    let value = evaluate(&mut env);
    assert!(env.fuel() <= FUEL, "fuel only gets less");
    let text = value.map(|it| {
        let text = json::print(&it);
        // what holds its parts many times is much text, and reading that would be most of the time
        let is_short = text.len() <= READ_BYTES_MAX;
        assert!(!is_short || json::parse(&text, &limits()).is_ok(), "every value prints as JSON");
        text
    });
    (text, env.fuel(), env.warnings.iter().map(|it| it.reason.clone()).collect())
}

/// Returns the value that a text is, if it is one.
fn value(source: &str, scope: &Context) -> Value {
    let Ok(expression) = Expression::parse(source) else { return Value::from(source) };
    let mut env = Env::new(NOW_MS).with_fuel(FUEL);
    evaluate(&expression, scope, &mut env).unwrap_or_default()
}

/// Checks that an error points into the text.
fn is_told(error: &ParseError, source: &str) {
    assert!(error.span.start <= error.span.end, "{error}: {source}");
    assert!(error.span.end as usize <= source.len() + 1, "{error}: {source}");
    assert!(error.caret(source).ends_with('^'), "{error}: {source}");
}

/// What was parsed is printed with more parentheses than it had, which may be too many; nothing else may be wrong with it.
fn is_too_long(error: &ParseError, source: &str, printed: &str) {
    assert!(error.expected.starts_with("at most"), "{error}: {source}\n{printed}");
}

fn scope() -> Context {
    match json::parse(VARIABLES, &limits()) {
        Ok(Value::Context(context)) => (*context).clone(),
        other => panic!("the scope is JSON: {other:?}"),
    }
}

fn limits() -> JsonLimits {
    JsonLimits::default()
}

const VARIABLES: &str = r#"{"a": 1, "b": -2.50, "s": "open", "t": true, "n": null, "l": [1, 2, 3],
    "c": {"a": 1, "b": {"c": [4]}}, "r": [{"a": 1, "b": 2}, {"a": 3}], "first name": "Eve", "tax-free": 5}"#;
const NAMES: [&str; 2] = ["first name", "tax-free"];
const DIALECTS: [Dialect; 2] = [Dialect::Camunda, Dialect::Dmn];
/// 2026-04-01T10:00:00Z.
const NOW_MS: i64 = 1_775_037_600_000;
const FUEL: u64 = 20_000;
const READ_BYTES_MAX: usize = 256 * 1024;
