//! `dacapo lint`: what a deployment would refuse, found without a server.

use std::io::{Write as _, stdout};
use std::path::{Path, PathBuf};

use clap::Args;
use dacapo_engine::{bpmn, dmn};
use serde_json::{Value, json};

use super::deploy;
use super::excerpt::excerpt;
use super::failure::{Exit, Failure, Outcome};
use super::paint::Paint;

/// Checks BPMN and DMN files, without a server
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub struct LintArgs {
    /// The files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the problems as JSON
    #[arg(long)]
    json: bool,
}

/// What is wrong with one file.
pub struct Findings {
    bytes: Vec<u8>,
    problems: Vec<Finding>,
}

/// One thing that is wrong with a file, of whatever kind it is.
pub struct Finding {
    resource: String,
    line: u32,
    column: u32,
    element_id: Option<String>,
    code: &'static str,
    message: String,
}

/// Runs the command.
pub fn run(args: &LintArgs) -> Outcome {
    let mut findings = Vec::new();
    for path in &args.files {
        findings.push(check(path, &args.files)?);
    }
    let count: usize = findings.iter().map(|it| it.problems.len()).sum();
    let mut out = stdout().lock();
    if args.json {
        let problems: Vec<_> = findings.iter().flat_map(|it| &it.problems).map(as_json).collect();
        writeln!(out, "{:#}", json!({ "files": args.files.len(), "problems": problems }))?;
    } else {
        for line in findings.iter().flat_map(|it| it.lines(Paint::stdout())) {
            writeln!(out, "{line}")?;
        }
        writeln!(out, "{}", summary(count, args.files.len(), Paint::stdout()))?;
    }
    Ok(if count == 0 { Exit::Ok } else { Exit::Refused })
}

/// Checks a file; a decision model may import the other files.
pub fn check(path: &Path, files: &[PathBuf]) -> Result<Findings, Failure> {
    let extension = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
    if !EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str()) {
        return Err(Failure::usage(format!(
            "expected a file that ends with .bpmn or .dmn, found {}",
            path.display()
        )));
    }
    let bytes = deploy::read(path)?;
    let name = path.display().to_string();
    let problems = match extension.to_ascii_lowercase().as_str() {
        "dmn" => decision_problems(&name, &bytes, files),
        _ => {
            let read = bpmn::parse(&name, &bytes, &bpmn::XmlLimits::default());
            read.err().unwrap_or_default().iter().map(Finding::from).collect()
        }
    };
    Ok(Findings { bytes, problems })
}

/// Checks a decision model; what is wrong with the others is told when it is their turn.
fn decision_problems(name: &str, bytes: &[u8], files: &[PathBuf]) -> Vec<Finding> {
    let is_model = |it: &&PathBuf| it.extension().is_some_and(|it| it.eq_ignore_ascii_case("dmn"));
    let others = files.iter().filter(is_model).map(|it| (it.display().to_string(), it));
    let others = others.filter(|(other, _)| other != name);
    let others = others.filter_map(|(other, path)| Some((other, deploy::read(path).ok()?)));
    let others: Vec<_> = others.collect();
    let resource = |(name, bytes)| dmn::Resource { name, bytes };
    let imports = others.iter().map(|(name, bytes)| resource((name.as_str(), bytes.as_slice())));
    let imports: Vec<_> = imports.collect();
    let read = dmn::Model::parse(resource((name, bytes)), &imports, &dmn::XmlLimits::default());
    let problems = read.err().unwrap_or_default();
    problems.iter().filter(|it| it.resource == name).map(Finding::from).collect()
}

impl Findings {
    /// Returns the problems for people, each with the place in the file.
    pub fn lines(&self, paint: Paint) -> Vec<String> {
        let text = String::from_utf8_lossy(&self.bytes);
        let blocks = self.problems.iter().flat_map(|it| block(it, &text, paint));
        blocks.collect()
    }
}

impl From<&bpmn::Problem> for Finding {
    fn from(problem: &bpmn::Problem) -> Self {
        Self {
            resource: problem.resource.clone(),
            line: problem.line,
            column: problem.column,
            element_id: problem.element_id.clone(),
            code: problem.code.as_str(),
            message: problem.message.clone(),
        }
    }
}

impl From<&dmn::Problem> for Finding {
    fn from(problem: &dmn::Problem) -> Self {
        Self {
            resource: problem.resource.clone(),
            line: problem.line,
            column: problem.column,
            element_id: problem.element_id.clone(),
            code: problem.code.as_str(),
            message: problem.message.clone(),
        }
    }
}

/// Shows a problem with its place in the text.
pub fn block(problem: &Finding, text: &str, paint: Paint) -> Vec<String> {
    let place = format!("{}:{}:{}:", problem.resource, problem.line, problem.column);
    let element = problem.element_id.as_ref().map(|it| format!(" {it}:")).unwrap_or_default();
    let mut message = problem.message.lines();
    let first = message.next().unwrap_or_default();
    let code = paint.red(problem.code);
    let mut lines = vec![format!("{} {code}:{element} {first}", paint.bold(place))];
    lines.extend(message.map(str::to_owned));
    lines.extend(excerpt(text, problem.line, problem.column, paint));
    lines.push(String::new());
    lines
}

fn as_json(problem: &Finding) -> Value {
    json!({
        "resource": problem.resource,
        "line": problem.line,
        "column": problem.column,
        "element_id": problem.element_id,
        "code": problem.code,
        "message": problem.message,
    })
}

fn summary(problems: usize, files: usize, paint: Paint) -> String {
    let plural = |count: usize, word: &str| {
        if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
    };
    let files = plural(files, "file");
    match problems {
        0 => paint.green(format!("{files}, no problems")),
        _ => paint.red(format!("{}, {}", files, plural(problems, "problem"))),
    }
}

const EXTENSIONS: [&str; 3] = ["bpmn", "dmn", "xml"];

const HELP: &str = "\
Exit codes: 0 clean, 1 problems found, 2 a file cannot be read.

Examples:
  dacapo lint order.bpmn risk.dmn
  dacapo lint models/*.bpmn && dacapo deploy models/*.bpmn
  dacapo lint order.bpmn --json | jq -r '.problems[].message'";
