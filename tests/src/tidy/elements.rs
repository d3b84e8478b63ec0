//! Elements know nothing of each other, and each has its chapter in the manual; events know neither
//! elements nor commands.

use super::rust_source::RustSource;
use super::{Problem, Repository, problem};

/// Checks that no element names another.
pub fn elements_stand_alone(repository: &Repository) -> Vec<Problem> {
    let names: Vec<_> = elements(repository).map(|(_, name, _)| name).collect();
    let mut problems = Vec::new();
    for (path, own, text) in elements(repository) {
        let source = RustSource::new(text);
        for other in names.iter().filter(|it| **it != own) {
            let paths = ["super", "elements"].map(|from| format!("{from}::{other}"));
            let found = paths.iter().flat_map(|it| source.code.match_indices(it.as_str()));
            for (at, matched) in found.filter(|(at, it)| is_end(source.after(at + it.len()))) {
                let text = format!("expected an element that stands alone, found `{matched}`");
                problems.push(problem(path, source.line_of(at), text));
            }
        }
    }
    problems
}

/// Checks that each element has a spec.
pub fn elements_have_specs(repository: &Repository) -> Vec<Problem> {
    let specs = elements(repository).map(|(path, name, _)| (path, format!("{SPECS}{name}.md")));
    let missing = specs.filter(|(_, spec)| repository.text(spec).is_none());
    missing
        .map(|(path, spec)| problem(path, 0, format!("expected {spec}, found no such file")))
        .collect()
}

/// Checks that events only evolve: they name neither the commands that emit them nor elements.
pub fn events_only_evolve(repository: &Repository) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in repository.below(EVENTS, ".rs") {
        let source = RustSource::new(text);
        for words in ["commands::", "elements::"] {
            for (at, _) in source.code.match_indices(words) {
                let text = format!("expected an event that only evolves, found `{words}`");
                problems.push(problem(path, source.line_of(at), text));
            }
        }
    }
    problems
}

/// Checks that the small files of the process machine hold no unit tests: specs test them.
pub fn specs_not_unit_tests(repository: &Repository) -> Vec<Problem> {
    let files = [COMMANDS, EVENTS, ELEMENTS].into_iter().flat_map(|it| repository.below(it, ".rs"));
    let found = files.filter_map(|(path, text)| {
        let source = RustSource::new(text);
        let at = source.code.find("mod tests")?;
        Some(problem(
            path,
            source.line_of(at),
            "expected its tests in tests/spec, found `mod tests`",
        ))
    });
    found.collect()
}

/// Lists path, name and text of every element.
fn elements(repository: &Repository) -> impl Iterator<Item = (&str, &str, &str)> {
    repository.below(ELEMENTS, ".rs").filter_map(|(path, text)| {
        let name = path.strip_prefix(ELEMENTS)?.strip_suffix(".rs")?;
        (!name.contains('/') && name != "mod").then_some((path, name, text))
    })
}

fn is_end(after: &str) -> bool {
    !after.starts_with(|it: char| it.is_alphanumeric() || it == '_')
}

const COMMANDS: &str = "core/engine/src/process/commands/";
const EVENTS: &str = "core/engine/src/process/events/";
const ELEMENTS: &str = "core/engine/src/process/elements/";
const SPECS: &str = "tests/spec/elements/";

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(text: &str) -> Repository {
        let path = |name: &str| format!("{ELEMENTS}{name}.rs");
        let files =
            [(path("task"), text), (path("timer"), ""), (path("mod"), "mod task; mod timer;")];
        let files = files.map(|(path, text)| (path, text.to_owned()));
        let spec = (format!("{SPECS}task.md"), "# Task".to_owned());
        let files: Vec<_> =
            files.iter().chain([&spec]).map(|it| (it.0.as_str(), it.1.as_str())).collect();
        Repository::of(&files)
    }

    #[test]
    fn an_element_that_names_another_is_found() {
        let found = |text| elements_stand_alone(&repository(text)).len();
        assert_eq!(found("use super::timer::Timer;"), 1);
        assert_eq!(found("fn f() { crate::process::elements::timer::f() }"), 1);
        assert_eq!(
            found("use super::Behavior; // super::timer\nuse crate::process::timers::Due;"),
            0
        );
        assert_eq!(found("use super::timers;"), 0);
    }

    #[test]
    fn an_event_that_knows_more_is_found() {
        let found = |text| {
            let repository =
                Repository::of(&[("core/engine/src/process/events/job_created.rs", text)]);
            events_only_evolve(&repository).len() + specs_not_unit_tests(&repository).len()
        };
        assert_eq!(found("use crate::process::elements::task;"), 1);
        assert_eq!(found("use super::super::commands::complete_job;"), 1);
        assert_eq!(found("#[cfg(test)]\nmod tests {}"), 1);
        assert_eq!(found("use crate::process::state::Jobs; // elements::task"), 0);
    }

    #[test]
    fn an_element_without_a_spec_is_found() {
        let found = elements_have_specs(&repository(""));
        assert_eq!(
            found,
            [problem(
                "core/engine/src/process/elements/timer.rs",
                0,
                "expected tests/spec/elements/timer.md, found no such file",
            )]
        );
    }
}
