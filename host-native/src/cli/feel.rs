//! `dacapo feel`: the value of an expression, without a server.

use std::io::{Write as _, stderr, stdout};

use clap::Args;
use dacapo_engine::feel::{Context, Expression, ParseError, Value, Warning, evaluate};

use super::failure::{Exit, Failure, Outcome};
use super::given::{Given, marked, shown};
use super::paint::Paint;
use super::steps;

/// Evaluates an expression of FEEL, without a server
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub struct FeelArgs {
    /// The expression
    #[arg(value_name = "EXPRESSION", allow_hyphen_values = true)]
    expression: String,
    #[command(flatten)]
    given: Given,
    /// Print value and warnings as JSON
    #[arg(long)]
    json: bool,
    /// Print the expression written in one way, and do not evaluate it
    #[arg(long, conflicts_with_all = ["json", "trace"])]
    format: bool,
}

/// Runs the command.
pub fn run(args: &FeelArgs) -> Outcome {
    let variables = args.given.variables()?;
    let source = args.expression.strip_prefix('=').unwrap_or(&args.expression);
    let names: Vec<&str> = variables.iter().map(|(name, _)| &**name).collect();
    let expression = Expression::parse_with_names(source, &names)
        .map_err(|error| unreadable(args.json, source, &error))?;
    if args.format {
        writeln!(stdout(), "{}", expression.formatted())?;
        return Ok(Exit::Ok);
    }
    let mut env = args.given.env();
    let value = evaluate(&expression, &variables, &mut env);
    let trace = env.take_steps();
    let value = value.map_err(|error| {
        // how far it came tells what takes so long
        let _ = steps::print(&mut stderr(), &trace, "");
        let place = env.stop().map(|it| format!("; {it}")).unwrap_or_default();
        let text = format!("{error}{place}{}", expression.values_in(&variables));
        failed(args.json, [("error", text.as_str().into())], &text)
    })?;
    if args.json {
        let warnings: Value = env.warnings.iter().map(as_value).collect();
        let mut result = Context::from_iter([("value", value), ("warnings", warnings)]);
        if args.given.trace {
            result.insert("trace", steps::as_value(&trace));
        }
        writeln!(stdout(), "{}", shown(&result.into()))?;
        return Ok(Exit::Ok);
    }
    writeln!(stdout(), "{}", shown(&value))?;
    steps::print(&mut stdout(), &trace, "")?;
    let paint = Paint::stderr();
    for warning in &env.warnings {
        writeln!(stderr(), "{} {}", paint.yellow("warning:"), warning.reason)?;
        for line in marked(source, warning.span, paint) {
            writeln!(stderr(), "  {line}")?;
        }
    }
    Ok(Exit::Ok)
}

fn unreadable(is_json: bool, source: &str, error: &ParseError) -> Failure {
    let text = format!("expected {}, found {}", error.expected, error.found);
    let (line, column) = error.span.line_and_column(source);
    let place = [
        ("error", text.as_str().into()),
        ("line", i64::from(line).into()),
        ("column", i64::from(column).into()),
        ("start", error.span.start.into()),
        ("end", error.span.end.into()),
    ];
    failed(is_json, place, &format!("{text}\n{}", error.caret(source)))
}

/// Tells a failure to scripts, if one asks, and to people.
fn failed<const N: usize>(is_json: bool, parts: [(&str, Value); N], text: &str) -> Failure {
    if is_json {
        let problem = shown(&Context::from_iter(parts).into());
        // who no longer reads is told on the other way
        let _ = writeln!(stdout(), "{problem}");
    }
    Failure::refused(text)
}

fn as_value(warning: &Warning) -> Value {
    let context = Context::from_iter([
        ("code", Value::from(warning.code.as_str())),
        ("start", warning.span.start.into()),
        ("end", warning.span.end.into()),
        ("reason", warning.reason.as_str().into()),
    ]);
    context.into()
}

const HELP: &str = "\
Exit codes: 0 there is a value, 1 the expression cannot be read or does not end, 2 wrong usage.
Why parts of the value are null is told on standard error. With --json, what cannot be read or does not end is an object
with `error` and, where it is known, the place: `line`, `column`, and `start` and `end` in bytes.

Examples:
  dacapo feel 'sum(for i in 1..3 return i * price)' --context '{\"price\": 2.5}'
  dacapo feel 'order.total > 100' --context @order.json --json
  dacapo feel 'total * (1 + tax) > 100' --context @order.json --trace
  dacapo feel 'if(a>1)then \"x\"else null' --format
  dacapo feel 'matches(\"abc\", \"\\w+\")' --dialect dmn";
