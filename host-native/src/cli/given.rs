//! What evaluations of the command line are given: variables, dialect, time; and how values are shown.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, ValueEnum};
use dacapo_engine::feel::json::{self, JsonLimits};
use dacapo_engine::feel::{Context, Dialect, Env, Span, Value};

use super::failure::Failure;
use super::paint::Paint;

/// What an evaluation is given.
#[derive(Args, Debug)]
pub struct Given {
    /// The variables: a JSON object, or @ and a file that holds one
    #[arg(long, value_name = "JSON|@FILE", default_value = "{}")]
    context: String,
    /// Whose meaning holds where Camunda and DMN differ
    #[arg(long, value_enum, default_value_t = Side::Camunda)]
    dialect: Side,
    /// The most steps, items and bytes that the evaluation may take
    #[arg(long, value_name = "UNITS", default_value_t = 1_000_000)]
    fuel: u64,
    /// Show the value of every part of the expressions
    #[arg(long)]
    pub trace: bool,
}

/// Whose meaning holds.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Side {
    /// That of Camunda 8, as in processes
    Camunda,
    /// That of DMN 1.5
    Dmn,
}

impl Given {
    /// Returns the variables.
    pub fn variables(&self) -> Result<Context, Failure> {
        let text = match self.context.strip_prefix('@') {
            Some(path) => {
                let bytes = super::deploy::read(Path::new(path))?;
                String::from_utf8_lossy(&bytes).into_owned()
            }
            None => self.context.clone(),
        };
        let value = json::parse(&text, &JsonLimits::default())
            .map_err(|error| Failure::usage(format!("--context: {error}")))?;
        match value.as_context() {
            Some(variables) => Ok(variables.clone()),
            None => {
                let found = value.type_name();
                Err(Failure::usage(format!("--context: expected a JSON object, found a {found}")))
            }
        }
    }

    /// Returns the environment; now is now.
    pub fn env(&self) -> Env {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now_ms = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        let dialect = match self.dialect {
            Side::Camunda => Dialect::Camunda,
            Side::Dmn => Dialect::Dmn,
        };
        let env = Env::new(now_ms).with_dialect(dialect).with_fuel(self.fuel);
        if self.trace { env.with_trace() } else { env }
    }
}

/// Shows a value as JSON; what JSON has no form for is shown as text.
pub fn shown(value: &Value) -> String {
    json::print(value)
}

/// Returns the line of a source that a span begins in, and a line that marks the part of it.
pub fn marked(source: &str, span: Span, paint: Paint) -> Vec<String> {
    let at = |place: u32| usize::try_from(place).unwrap_or_default().min(source.len());
    let (start, end) = (at(span.start), at(span.end));
    let begin = source.get(..start).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let line = source.get(begin..).and_then(|it| it.lines().next()).unwrap_or_default();
    let indent = source.get(begin..start).unwrap_or_default().chars().count();
    let end = end.min(begin + line.len()).max(start);
    let width = source.get(start..end).unwrap_or_default().chars().count().max(1);
    let marks = paint.yellow("^".repeat(width));
    vec![line.replace('\t', " "), format!("{}{marks}", " ".repeat(indent))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_marked_in_its_line() {
        let marked = |source, start, end| marked(source, Span { start, end }, Paint::none());
        assert_eq!(marked("1 + x", 4, 5), ["1 + x", "    ^"]);
        assert_eq!(marked("é +\n  abc + 1", 7, 10), ["  abc + 1", "  ^^^"]);
        assert_eq!(marked("f(\n1)", 0, 5), ["f(", "^^"]);
        assert_eq!(marked("", 3, 9), ["", "^"]);
    }
}
