//! `dacapo deploy`: sends files to a running server, all or nothing.

use std::io::{Write as _, stdout};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::client::ServerArgs;
use super::failure::{Exit, Failure, Outcome};
use super::lint;
use super::paint::Paint;

/// Deploys BPMN and DMN files to a running server: all of them, or none
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub struct DeployArgs {
    /// The files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the server's answer as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    server: ServerArgs,
}

/// Runs the command.
pub async fn run(args: &DeployArgs) -> Outcome {
    let mut files = Vec::new();
    for path in &args.files {
        files.push((file_name(path)?, read(path)?));
    }
    let answer = args.server.client()?.deploy(files).await.map_err(|it| explained(it, args))?;
    let mut out = stdout().lock();
    if args.json {
        writeln!(out, "{answer:#}")?;
        return Ok(Exit::Ok);
    }
    let paint = Paint::stdout();
    for item in answer["deployments"].as_array().into_iter().flatten() {
        for line in lines(item, paint) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(Exit::Ok)
}

/// Shows in the files what the server refuses, where the checks that need no server find it too.
fn explained(failure: Failure, args: &DeployArgs) -> Failure {
    if failure.exit != Exit::Refused {
        return failure;
    }
    for findings in args.files.iter().filter_map(|it| lint::check(it, &args.files).ok()) {
        for line in findings.lines(Paint::stderr()) {
            eprintln!("{line}");
        }
    }
    failure
}

/// Reads a file that an argument names.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| {
        Failure::usage(format!("expected a readable file at {}: {error}", path.display()))
    })
}

fn file_name(path: &Path) -> Result<String, Failure> {
    let name = path.file_name().and_then(|it| it.to_str());
    let wrong = || Failure::usage(format!("expected a file name in UTF-8: {}", path.display()));
    name.map(str::to_owned).ok_or_else(wrong)
}

/// Returns what one file became: a line per process, decision or form.
fn lines(item: &Value, paint: Paint) -> Vec<String> {
    let kinds = KINDS.iter().filter_map(|kind| Some((kind, item.get(kind.field)?)));
    let present = kinds.filter(|(_, it)| it.is_object());
    present
        .map(|(kind, it)| {
            let text = |name: &str| match &it[name] {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                other => other.to_string(),
            };
            let id = paint.bold(text(kind.id));
            let (version, key) = (text(kind.version), text(kind.key));
            let file = paint.dim(text("resourceName"));
            format!("{} {id} version {version} key {key} {file}", kind.word).trim_end().to_owned()
        })
        .collect()
}

/// How one kind of resource is named in the answer.
struct Kind {
    field: &'static str,
    word: &'static str,
    id: &'static str,
    version: &'static str,
    key: &'static str,
}

const KINDS: [Kind; 5] = [
    Kind {
        field: "processDefinition",
        word: "process",
        id: "processDefinitionId",
        version: "processDefinitionVersion",
        key: "processDefinitionKey",
    },
    Kind {
        field: "decisionDefinition",
        word: "decision",
        id: "decisionDefinitionId",
        version: "version",
        key: "decisionDefinitionKey",
    },
    Kind {
        field: "decisionRequirements",
        word: "decision requirements",
        id: "decisionRequirementsId",
        version: "version",
        key: "decisionRequirementsKey",
    },
    Kind { field: "form", word: "form", id: "formId", version: "version", key: "formKey" },
    Kind {
        field: "resource",
        word: "resource",
        id: "resourceId",
        version: "version",
        key: "resourceKey",
    },
];

const HELP: &str = "\
Exit codes: 0 deployed, 1 refused (every problem is listed), 2 a file cannot be read, 5 no server.

Examples:
  dacapo deploy order.bpmn
  dacapo deploy order.bpmn risk.dmn --address http://engine.internal:8080
  dacapo deploy order.bpmn --json | jq -r '.deployments[0].processDefinition.processDefinitionKey'";
