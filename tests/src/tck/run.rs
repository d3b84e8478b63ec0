//! Runs the cases of one test file.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use dacapo_engine::dmn::{Evaluation, Failure, Model, Resource};
use dacapo_engine::feel::{Context, Dialect, Env, Value};

use super::Score;
use super::cases::{self, Case, Target};
use super::values;

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As expected.
    Passed,
    /// Otherwise, and how.
    Failed(String),
}

impl Verdict {
    /// Tells whether it passed.
    pub fn is_passed(&self) -> bool {
        matches!(self, Self::Passed)
    }
}

/// Runs a test file; names of cases begin below the folder.
pub fn run_file(folder: &Path, path: &Path, score: &mut Score) -> Result<(), String> {
    let read =
        |path: &Path| std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    let text = String::from_utf8_lossy(&read(path)?).into_owned();
    let file = cases::read(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let place = path.parent().unwrap_or(folder);
    let mut resources = Vec::new();
    for path in std::fs::read_dir(place).map_err(|error| error.to_string())?.flatten() {
        let name = path.file_name().to_string_lossy().into_owned();
        if name.ends_with(".dmn") {
            resources.push((name, read(&path.path())?));
        }
    }
    resources.sort();
    let model = compile(&file.model, &resources);
    let name = path.strip_prefix(folder).unwrap_or(path).display();
    for case in &file.cases {
        let verdict = match &model {
            Ok(model) => run_case(model, case),
            Err(problem) => Err(problem.clone()),
        };
        let verdict = verdict.map_or_else(Verdict::Failed, |()| Verdict::Passed);
        score.cases.push((format!("{name}/{}", case.id), verdict));
    }
    Ok(())
}

fn compile(wanted: &str, resources: &[(String, Vec<u8>)]) -> Result<Model, String> {
    let all: Vec<_> = resources.iter().map(|(name, bytes)| Resource { name, bytes }).collect();
    let (main, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| it.name == wanted);
    let main = main.first().ok_or_else(|| format!("expected a model {wanted}, found none"))?;
    let compiled = catch_unwind(|| Model::compile(*main, &others));
    compiled
        .map_err(|_| "the reader panics".to_string())?
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

fn run_case(model: &Model, case: &Case) -> Result<(), String> {
    let mut given = Context::new();
    for (name, expected) in &case.inputs {
        given.insert(name.as_str(), values::value(expected)?);
    }
    for result in &case.results {
        let evaluated = catch_unwind(AssertUnwindSafe(|| {
            let mut env = Env::new(NOW_MS).with_dialect(Dialect::Dmn);
            match &case.target {
                Target::Decisions => model.evaluate(&result.name, &given, &mut env),
                Target::Service(name) => model.evaluate_service(name, &given, &mut env),
                Target::Knowledge(name) => model.evaluate_knowledge(name, &given, &mut env),
            }
        }));
        let evaluated = evaluated.map_err(|_| "the evaluation panics".to_string())?;
        let (found, why) = outcome(evaluated, &case.target, &result.name)?;
        let expected = values::value(&result.expected)?;
        if !values::is_expected(&found, &expected) {
            let name = &result.name;
            return Err(format!("'{name}': expected {expected:?}, found {found:?}{why}"));
        }
    }
    Ok(())
}

/// Returns the value and why it may be null. An evaluation that runs out of fuel or the like is an error, which is null.
fn outcome(
    evaluated: Result<Option<Evaluation>, Failure>,
    target: &Target,
    name: &str,
) -> Result<(Value, String), String> {
    let evaluation = match evaluated {
        Ok(Some(evaluation)) => evaluation,
        Ok(None) => return Err(format!("expected something named '{name}', found nothing")),
        Err(failure) => return Ok((Value::Null, format!(" ({failure})"))),
    };
    let inner = evaluation.decisions.iter().flat_map(|it| &it.warnings);
    let warnings = evaluation.warnings.iter().chain(inner);
    let warnings: Vec<_> = warnings.map(|it| it.reason.clone()).take(3).collect();
    let why =
        if warnings.is_empty() { String::new() } else { format!(" ({})", warnings.join("; ")) };
    let value = match (target, &evaluation.value) {
        // a service with several results has one per decision
        (Target::Service(_), Value::Context(results)) if is_several(&evaluation, name) => {
            results.get(name).cloned().unwrap_or_default()
        }
        (_, value) => value.clone(),
    };
    Ok((value, why))
}

fn is_several(evaluation: &Evaluation, name: &str) -> bool {
    let own = evaluation.decisions.iter().find(|it| &*it.name == name);
    own.is_some_and(|it| it.output != evaluation.value)
}

/// 2026-04-01T12:00:00Z.
const NOW_MS: i64 = 1_775_044_800_000;
