//! Spec suites of FEEL: Markdown files whose `feel` and `unary-tests` blocks are tests and user manual at once.
//!
//! A case is an expression, on one line or several, then `→` and its value, then its warnings, each behind a `!`.
//! Unary tests stand behind their input and a `|`. A `context` block gives the variables of the sections below it.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use dacapo_engine::feel::{
    Context, Dialect, Env, Expression, ParseError, UnaryTests, Value, evaluate,
    evaluate_unary_tests,
};

/// An expression of a suite, or unary tests if there is an input, with what it sees.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its text.
    pub source: String,
    /// What unary tests are about.
    pub input: Option<Value>,
    /// Whose meaning holds.
    pub dialect: Dialect,
    /// The variables.
    pub context: Context,
}

/// What a block of cases is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Block {
    is_unary: bool,
    dialect: Dialect,
}

/// Runs a suite; returns its number of cases. With `UPDATE=1` values and warnings are rewritten.
///
/// # Errors
///
/// Returns every block whose values and warnings are not the ones that are written there.
///
/// # Panics
/// The suite cannot be read or written, or one of its contexts is none.
pub fn run_suite(path: &Path) -> Result<usize, String> {
    let text = std::fs::read_to_string(path).expect("a suite");
    let (mut updated, mut differences, mut count) = (text.clone(), String::new(), 0);
    let mut variables = Context::new();
    let mut found = Vec::new();
    for (kind, place) in blocks(&text) {
        let body = &text[place.clone()];
        if kind == "context" {
            variables = context(body);
        } else if let Some(block) = Block::of(&kind) {
            let cases = cases(body);
            count += cases.len();
            found.push((place, block.run(&cases, &variables)));
        }
    }
    for (place, found) in found.into_iter().rev() {
        let expected = &text[place.clone()];
        if found != expected {
            let line = text[..place.start].lines().count();
            let shown = difference(expected, &found);
            let _ = writeln!(differences, "{}:{line}:\n{shown}", path.display());
        }
        updated.replace_range(place, &found);
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, updated).expect("the suite can be written");
        return Ok(count);
    }
    if differences.is_empty() { Ok(count) } else { Err(differences) }
}

/// Returns the cases of all suites.
///
/// # Panics
/// A suite cannot be read, or one of its contexts or inputs is none.
pub fn all_cases() -> Vec<Case> {
    let mut all = Vec::new();
    for path in suites() {
        let text = std::fs::read_to_string(&path).expect("a suite");
        let mut variables = Context::new();
        for (kind, place) in blocks(&text) {
            let body = &text[place];
            if kind == "context" {
                variables = context(body);
            } else if let Some(block) = Block::of(&kind) {
                all.extend(cases(body).into_iter().map(|it| block.case(it, &variables)));
            }
        }
    }
    all
}

/// Returns all suites of FEEL, sorted.
///
/// # Panics
/// The folder cannot be read.
pub fn suites() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/feel");
    let files = std::fs::read_dir(folder).expect("the manual").flatten().map(|it| it.path());
    let mut suites: Vec<_> =
        files.filter(|it| it.extension().is_some_and(|it| it == "md")).collect();
    suites.sort();
    suites
}

impl Block {
    fn of(kind: &str) -> Option<Self> {
        let (is_unary, dialect) = match kind {
            "feel" => (false, Dialect::Camunda),
            "feel dmn" => (false, Dialect::Dmn),
            "unary-tests" => (true, Dialect::Camunda),
            _ => return None,
        };
        Some(Self { is_unary, dialect })
    }

    fn case(self, text: String, variables: &Context) -> Case {
        let (source, input) = match text.split_once('|').filter(|_| self.is_unary) {
            Some((input, tests)) => {
                let mut env = Env::new(NOW_MS).with_dialect(self.dialect);
                (tests.trim().to_owned(), Some(input_value(input, variables, &mut env)))
            }
            None => (text, None),
        };
        Case { source, input, dialect: self.dialect, context: variables.clone() }
    }

    /// Writes all cases with the values and warnings that they have.
    fn run(self, cases: &[String], variables: &Context) -> String {
        let mut text = String::new();
        for (place, case) in cases.iter().enumerate() {
            let mut env = Env::new(NOW_MS).with_dialect(self.dialect).with_random([7; 32], draw);
            let (source, result) = match self.is_unary {
                false => (case.as_str(), expression_value(case, variables, &mut env)),
                true => {
                    let (input, tests) = case.split_once('|').expect("an input and its tests");
                    (tests.trim(), tests_value(input, tests.trim(), variables, &mut env))
                }
            };
            let _ = writeln!(text, "{}{case}\n→ {result}", if place > 0 { "\n" } else { "" });
            for warning in &env.warnings {
                let (start, end) = (warning.span.start as usize, warning.span.end as usize);
                let (part, code) =
                    (source.get(start..end).unwrap_or(source), warning.code.as_str());
                let _ = writeln!(text, "! {part}: {code}: {}", warning.reason);
            }
        }
        text
    }
}

fn expression_value(source: &str, variables: &Context, env: &mut Env) -> String {
    let names: Vec<&str> = variables.iter().map(|(name, _)| &**name).collect();
    match Expression::parse_with_names(source, &names) {
        Ok(expression) => shown(evaluate(&expression, variables, env)),
        Err(error) => refused(&error),
    }
}

fn tests_value(input: &str, tests: &str, variables: &Context, env: &mut Env) -> String {
    let input = input_value(input, variables, env);
    let names: Vec<&str> = variables.iter().map(|(name, _)| &**name).collect();
    match UnaryTests::parse_with_names(tests, &names) {
        Ok(tests) => shown(evaluate_unary_tests(&tests, &input, variables, env)),
        Err(error) => refused(&error),
    }
}

fn input_value(text: &str, variables: &Context, env: &mut Env) -> Value {
    let input = Expression::parse(text).expect("an input");
    evaluate(&input, variables, env).expect("the value of an input")
}

fn shown(result: Result<Value, impl std::fmt::Display>) -> String {
    result.map_or_else(|error| format!("no result: {error}"), |value| value.to_string())
}

fn refused(error: &ParseError) -> String {
    format!("does not parse: {error}")
}

/// The same numbers in every run.
fn draw(key: &[u8; 32], draw: u64) -> u64 {
    (u64::from(key[0]) + draw).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn context(source: &str) -> Context {
    let expression = Expression::parse(source).expect("a context");
    let value = evaluate(&expression, &Context::new(), &mut Env::new(NOW_MS));
    value.expect("a value").as_context().expect("a context").clone()
}

/// Returns the fenced blocks of a text: what they are, and where their text stands.
fn blocks(text: &str) -> Vec<(String, Range<usize>)> {
    let (mut blocks, mut open, mut offset) = (Vec::new(), None, 0);
    for line in text.split_inclusive('\n') {
        if let Some(kind) = line.trim_end().strip_prefix("```") {
            open = match open.take() {
                None => Some((kind.to_owned(), offset + line.len())),
                Some((kind, start)) => {
                    blocks.push((kind, start..offset));
                    None
                }
            };
        }
        offset += line.len();
    }
    blocks
}

/// Returns the expressions of a block, without what is said of them.
fn cases(body: &str) -> Vec<String> {
    let (mut cases, mut is_open): (Vec<String>, bool) = (Vec::new(), false);
    for line in body.lines() {
        if line.is_empty() || line.starts_with("→ ") || line.starts_with("! ") {
            is_open = false;
            continue;
        }
        match cases.last_mut().filter(|_| is_open) {
            Some(case) => *case = format!("{case}\n{line}"),
            None => cases.push(line.to_owned()),
        }
        is_open = true;
    }
    cases
}

/// Shows the lines that differ.
fn difference(expected: &str, found: &str) -> String {
    let mut shown = String::new();
    let (expected, found): (Vec<_>, Vec<_>) = (expected.lines().collect(), found.lines().collect());
    for line in expected.iter().filter(|line| !found.contains(line)) {
        let _ = writeln!(shown, "  expected {line}");
    }
    for (place, line) in found.iter().enumerate().filter(|(_, line)| !expected.contains(line)) {
        let case = found[..place].iter().rev().find(|it| !it.starts_with("! "));
        let _ = writeln!(shown, "  found    {line}   of {}", case.unwrap_or(&""));
    }
    if shown.is_empty() { String::from("  the lines stand in another order") } else { shown }
}

/// 2026-04-01T10:00:00Z, a Wednesday.
const NOW_MS: i64 = 1_775_037_600_000;
