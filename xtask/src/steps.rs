//! The steps of a test run, in order, and the run itself.

use std::time::{Duration, Instant};

use crate::components::Component::{
    CCompiler, Chromium, Clippy, CppCompiler, Faketime, Git, Node, Postgres, Python, Rustfmt,
    WasmTargets,
};
use crate::step::{Outcome, Step, Stop, Verdict};
use crate::terminal::{Colour, duration, line, paint, passing};
use crate::work::Work;
use crate::{clients, fuzz, javascript, rust, studio, summary};

/// Returns the steps that were asked for.
///
/// # Errors
///
/// A name that is no step's, with the names there are.
pub fn choose(only: &[String], skip: &[String]) -> Result<Vec<&'static Step>, String> {
    if let Some(name) =
        only.iter().chain(skip).find(|name| !STEPS.iter().any(|it| it.name == **name))
    {
        let names: Vec<_> = STEPS.iter().map(|it| it.name).collect();
        return Err(format!("expected a step ({}), found `{name}`", names.join(", ")));
    }
    let is_named = |names: &[String], step: &Step| names.iter().any(|it| it == step.name);
    let wanted = |step: &&Step| (only.is_empty() || is_named(only, step)) && !is_named(skip, step);
    Ok(STEPS.iter().filter(wanted).collect())
}

/// Prints the steps and what they need.
pub fn print_list(steps: &[&Step]) {
    for step in steps {
        let needs: Vec<_> = step.needs.iter().map(|it| it.name()).collect();
        line(&format!("{:<8} {:<58} needs {}", step.name, step.what, needs.join(", ")));
    }
}

/// Runs the steps, all of them even if one fails.
pub fn run(steps: &[&'static Step], work: &mut Work) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = Vec::new();
    for step in steps {
        let blocked = step.after.iter().find(|name| {
            outcomes.iter().any(|it| it.name == **name && !matches!(it.verdict, Verdict::Passed))
        });
        let outcome = match blocked {
            Some(name) => not_run(step, format!("{name} did not pass")),
            None => run_one(step, work),
        };
        line(&summary::row(&outcome));
        outcomes.push(outcome);
    }
    outcomes
}

fn run_one(step: &'static Step, work: &mut Work) -> Outcome {
    let begin = Instant::now();
    let start = format!("  {:<8} {}", step.name, step.what);
    passing(&start);
    if !crate::terminal::is_terminal() {
        line(&paint(&start, Colour::Grey));
    }
    work.begin(step.name);
    let mut verdict = match (step.run)(work) {
        Ok(()) => Verdict::Passed,
        Err(Stop::Failed(why)) => Verdict::Failed(why),
        Err(Stop::NotRun(why)) => Verdict::NotRun(why),
    };
    let (log, text) = match work.end() {
        Ok((path, text)) => (Some(path), text),
        Err(problem) => {
            verdict = Verdict::Failed(problem);
            (None, String::new())
        }
    };
    let outcome = Outcome {
        name: step.name,
        verdict,
        time: begin.elapsed(),
        tests: summary::count(&text),
        log,
    };
    if matches!(outcome.verdict, Verdict::Failed(_)) {
        print_output(&text, duration(outcome.time).as_str());
    }
    outcome
}

fn print_output(text: &str, time: &str) {
    let is_progress = |line: &&str| PROGRESS.iter().any(|it| line.trim_start().starts_with(it));
    let lines: Vec<_> = text.lines().filter(|it| !is_progress(it)).collect();
    let hidden = lines.len().saturating_sub(OUTPUT_LINES);
    line(&paint(&format!("  output after {time}:"), Colour::Red));
    if hidden > 0 {
        line(&format!("  | ({hidden} lines before these are in the log)"));
    }
    lines.iter().skip(hidden).for_each(|it| line(&format!("  | {it}")));
}

fn not_run(step: &'static Step, why: String) -> Outcome {
    let verdict = Verdict::NotRun(why);
    Outcome { name: step.name, verdict, time: Duration::ZERO, tests: [0; 3], log: None }
}

static STEPS: [Step; 16] = [
    Step {
        name: "fmt",
        what: "the formatter has nothing to change",
        needs: &[Rustfmt],
        after: &[],
        run: rust::format,
    },
    Step {
        name: "clippy",
        what: "no lint fires, least of all in the core",
        needs: &[Clippy, CCompiler],
        after: &[],
        run: rust::lint,
    },
    Step {
        name: "docs",
        what: "the documentation builds without a warning",
        needs: &[CCompiler],
        after: &[],
        run: rust::document,
    },
    Step {
        name: "deny",
        what: "licences, bans and sources of dependencies",
        needs: &[],
        after: &[],
        run: rust::deny,
    },
    Step {
        name: "wasm",
        what: "the core for JavaScript builds and imports nothing",
        needs: &[WasmTargets, Node],
        after: &[],
        run: javascript::wasm,
    },
    Step {
        name: "page",
        what: "the page of the server type-checks, builds and stays small",
        needs: &[Node],
        after: &["wasm"],
        run: studio::build,
    },
    Step {
        name: "build",
        what: "the whole workspace builds",
        needs: &[CCompiler],
        after: &[],
        run: rust::build,
    },
    Step {
        name: "rust",
        what: "the Rust tests, with both databases",
        needs: &[CCompiler, Git, Postgres, Faketime],
        after: &["build"],
        run: rust::test,
    },
    Step {
        name: "tck",
        what: "the cases of the DMN TCK that passed once, in the folder DACAPO_TCK",
        needs: &[CCompiler],
        after: &["build"],
        run: rust::tck,
    },
    Step {
        name: "fuzz",
        what: "no bytes break FEEL, DMN or BPMN, searched for by coverage",
        needs: &[CCompiler, CppCompiler],
        after: &["build"],
        run: fuzz::step,
    },
    Step {
        name: "walls",
        what: "the core is pure, and every wall that proves it can fail",
        needs: &[Clippy, CCompiler, WasmTargets, Node],
        after: &["build"],
        run: rust::walls,
    },
    Step {
        name: "js",
        what: "the npm package in Node, parity with the native core",
        needs: &[Node, CCompiler],
        after: &["build", "wasm"],
        run: javascript::test,
    },
    Step {
        name: "npm",
        what: "the packed npm package: Node, bundlers, types, checkers",
        needs: &[Node],
        after: &["wasm"],
        run: javascript::consume,
    },
    Step {
        name: "node",
        what: "the official client for Node walks through a process",
        needs: &[Node, CCompiler],
        after: &["build"],
        run: clients::node,
    },
    Step {
        name: "studio",
        what: "the page in a browser: server, file, keyboard, axe, screenshots",
        needs: &[Node, CCompiler, Chromium, Postgres],
        after: &["build", "page"],
        run: studio::test,
    },
    Step {
        name: "python",
        what: "the official client for Python walks through a process",
        needs: &[Python, CCompiler],
        after: &["build"],
        run: clients::python,
    },
];

/// How cargo's lines begin that say nothing about a failure.
const PROGRESS: [&str; 5] = ["Compiling ", "Checking ", "Downloading ", "Downloaded ", "Blocking "];
const OUTPUT_LINES: usize = 300;
