//! `dacapo dmn`: decisions without a server.

use std::io::{Write as _, stdout};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use dacapo_engine::dmn::{
    DecisionTrace, Evaluation, InputTrace, Model, OutputTrace, Resource, RuleTrace, Warning,
    XmlLimits,
};
use dacapo_engine::feel::{Context, Value};

use super::deploy;
use super::failure::{Exit, Failure, Outcome};
use super::given::{Given, marked, shown};
use super::lint;
use super::paint::Paint;
use super::steps;

/// The commands about decisions.
#[derive(Subcommand)]
pub enum DmnCommand {
    Evaluate(EvaluateArgs),
}

/// Evaluates a decision of a file with all that it requires, and shows the rules that matched
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub struct EvaluateArgs {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The id or the name of the decision; not needed if no other requires it and it is the only such one
    #[arg(long, value_name = "ID")]
    decision: Option<String>,
    /// A file that the model imports; may be given more than once
    #[arg(long, value_name = "FILE")]
    import: Vec<PathBuf>,
    #[command(flatten)]
    given: Given,
    /// Print all that is known about the evaluation as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(command: &DmnCommand) -> Outcome {
    let DmnCommand::Evaluate(args) = command;
    let model = read(args)?;
    let decision = match &args.decision {
        Some(decision) => decision.clone(),
        None => only_decision(&model)?,
    };
    let variables = args.given.variables()?;
    let evaluated = model.evaluate(&decision, &variables, &mut args.given.env());
    let evaluation = evaluated.map_err(|failure| {
        let place = failure.decision_id.as_deref().unwrap_or(&decision);
        Failure::refused(format!("decision '{place}': {failure}"))
    })?;
    let Some(evaluation) = evaluation else {
        let known: Vec<_> = model.decisions().iter().map(|it| it.id.to_string()).collect();
        let text = format!("expected a decision of the file, found '{decision}'");
        return Err(Failure::usage(text).hint(format!("decisions: {}", known.join(", "))));
    };
    if args.json {
        writeln!(stdout(), "{}", shown(&as_value(&model, &evaluation, args.given.trace)))?;
    } else {
        print(&model, &evaluation)?;
    }
    Ok(Exit::Ok)
}

fn read(args: &EvaluateArgs) -> Result<Model, Failure> {
    let paths = std::iter::once(&args.file).chain(&args.import);
    let mut files = Vec::new();
    for path in paths {
        files.push((path.display().to_string(), deploy::read(path)?));
    }
    let resources: Vec<_> = files.iter().map(|(name, bytes)| Resource { name, bytes }).collect();
    let (main, imports) = resources.split_first().expect("one file at least");
    Model::parse(*main, imports, &XmlLimits::default()).map_err(|problems| {
        let lines = problems.iter().flat_map(|problem| {
            let file = files.iter().find(|(name, _)| *name == problem.resource);
            let text = file.map(|(_, bytes)| String::from_utf8_lossy(bytes)).unwrap_or_default();
            lint::block(&problem.into(), &text, Paint::stderr())
        });
        let lines: Vec<String> = lines.collect();
        Failure::refused(format!("the model has problems\n{}", lines.join("\n")))
    })
}

/// Returns the one decision that no other requires.
fn only_decision(model: &Model) -> Result<String, Failure> {
    let decisions = model.decisions();
    let is_required = |id: &str| decisions.iter().flat_map(|it| &it.required).any(|it| **it == *id);
    let last: Vec<_> =
        decisions.iter().filter(|it| !is_required(&it.id)).map(|it| it.id.to_string()).collect();
    match last.as_slice() {
        [only] => Ok(only.clone()),
        others => Err(Failure::usage(format!(
            "--decision: expected one of {}, found none",
            others.join(", ")
        ))),
    }
}

fn print(model: &Model, evaluation: &Evaluation) -> std::io::Result<()> {
    let (mut out, paint) = (stdout().lock(), Paint::stdout());
    for warning in &evaluation.warnings {
        print_warning(&mut out, warning, paint)?;
    }
    for decision in &evaluation.decisions {
        let place = match decision.file {
            0 => String::new(),
            _ => format!(" of {}", file_of(model, decision)),
        };
        writeln!(out, "{}{place} = {}", paint.bold(&decision.name), shown(&decision.output))?;
        for input in &decision.inputs {
            writeln!(out, "  input {} = {}", input.name, shown(&input.value))?;
        }
        for rule in &decision.rules {
            let outputs =
                rule.outputs.iter().map(|it| format!("{} = {}", it.name, shown(&it.value)));
            let outputs: Vec<_> = outputs.collect();
            writeln!(out, "  rule {}: {}", rule.index, outputs.join(", "))?;
        }
        steps::print(&mut out, &decision.steps, "  ")?;
        if let Some(violation) = &decision.violation {
            writeln!(out, "  {} {violation}", paint.red("violation:"))?;
        }
        for warning in &decision.warnings {
            print_warning(&mut out, warning, paint)?;
        }
    }
    Ok(())
}

fn print_warning(
    out: &mut impl std::io::Write,
    warning: &Warning,
    paint: Paint,
) -> std::io::Result<()> {
    writeln!(out, "  {} {warning}", paint.yellow("warning:"))?;
    if let (Some(source), Some(span), Some(_)) = (&warning.source, warning.span, warning.part()) {
        for line in marked(source, span, paint) {
            writeln!(out, "    {line}")?;
        }
    }
    Ok(())
}

fn as_value(model: &Model, evaluation: &Evaluation, is_traced: bool) -> Value {
    object([
        ("value", evaluation.value.clone()),
        (
            "decisions",
            evaluation.decisions.iter().map(|it| decision(model, it, is_traced)).collect(),
        ),
        ("warnings", evaluation.warnings.iter().map(warning).collect()),
    ])
}

fn decision(model: &Model, it: &DecisionTrace, is_traced: bool) -> Value {
    let violation = it.violation.as_ref().map(|it| {
        let rules = it.rules.iter().map(|rule| Value::from(*rule)).collect();
        object([("reason", it.reason.as_str().into()), ("rules", rules)])
    });
    let parts = [
        ("id", (*it.id).into()),
        ("file", file_of(model, it).into()),
        ("name", (*it.name).into()),
        ("logic", it.logic.into()),
        ("output", it.output.clone()),
        ("inputs", it.inputs.iter().map(input).collect()),
        ("rules", it.rules.iter().map(rule).collect()),
        ("violation", violation.into()),
        ("warnings", it.warnings.iter().map(warning).collect()),
    ];
    let trace = is_traced.then(|| ("trace", steps::as_value(&it.steps)));
    Context::from_iter(parts.into_iter().chain(trace)).into()
}

/// Returns the name of the file that a decision stands in.
fn file_of<'a>(model: &'a Model, decision: &DecisionTrace) -> &'a str {
    let place = usize::try_from(decision.file).unwrap_or(usize::MAX);
    model.resources().get(place).map(|it| &**it).unwrap_or_default()
}

fn input(it: &InputTrace) -> Value {
    object([
        ("id", it.id.as_deref().into()),
        ("name", (*it.name).into()),
        ("value", it.value.clone()),
    ])
}

fn rule(it: &RuleTrace) -> Value {
    object([
        ("id", it.id.as_deref().into()),
        ("index", it.index.into()),
        ("outputs", it.outputs.iter().map(output).collect()),
    ])
}

fn output(it: &OutputTrace) -> Value {
    object([
        ("id", it.id.as_deref().into()),
        ("name", (*it.name).into()),
        ("value", it.value.clone()),
    ])
}

fn warning(it: &Warning) -> Value {
    object([
        ("element_id", it.element_id.as_deref().into()),
        ("code", it.code.map(|it| it.as_str()).into()),
        ("expression", it.source.as_deref().into()),
        ("part", it.part().into()),
        ("reason", it.reason.as_str().into()),
    ])
}

fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Context::from_iter(entries).into()
}

const HELP: &str = "\
Exit codes: 0 there is a value, 1 the model is refused or the evaluation does not end, 2 wrong usage.

Examples:
  dacapo dmn evaluate risk.dmn --context '{\"age\": 30}'
  dacapo dmn evaluate risk.dmn --decision risk --context @applicant.json --json
  dacapo dmn evaluate fees.dmn --import shared.dmn --dialect dmn";
