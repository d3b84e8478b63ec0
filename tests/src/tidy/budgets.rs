//! How long files and functions may be.

use super::ratchet::Ratchet;
use super::rust_source::RustSource;
use super::{Problem, Repository, problem};

/// Something that has a length, and its budget.
struct Measured {
    path: String,
    /// The function, or nothing for the file.
    function: Option<String>,
    line: usize,
    lines: usize,
    budget: usize,
}

/// Checks the length of every Rust and JavaScript file and of every Rust function.
///
/// What was too long when it was written down in the ratchet may stay so, and may only shrink.
pub fn budgets(repository: &Repository) -> Vec<Problem> {
    let ratchet = Ratchet::read(repository.text(RATCHET).unwrap_or_default());
    let measured: Vec<_> =
        repository.files().flat_map(|(path, text)| measure(path, text)).collect();
    let mut problems: Vec<_> = measured.iter().filter_map(|it| judge(it, &ratchet)).collect();
    for name in ratchet.names() {
        if !measured.iter().any(|it| it.name() == name && it.lines > it.budget) {
            let text =
                format!("expected nothing that keeps its budget, found `{name}`: remove the line");
            problems.push(problem(RATCHET, 0, text));
        }
    }
    problems
}

impl Measured {
    fn name(&self) -> String {
        match &self.function {
            Some(function) => format!("{}::{function}", self.path),
            None => self.path.clone(),
        }
    }
}

fn judge(it: &Measured, ratchet: &Ratchet) -> Option<Problem> {
    let name = it.name();
    let allowed = ratchet.lines_of(&name);
    let text = match allowed {
        _ if it.lines <= it.budget => return None,
        Some(allowed) if it.lines == allowed => return None,
        Some(allowed) if it.lines < allowed => {
            format!(
                "expected {RATCHET} to follow what shrinks, found {allowed}: write {}",
                it.lines
            )
        }
        _ => format!(
            "expected at most {} lines, found {} in {name}",
            allowed.unwrap_or(it.budget),
            it.lines
        ),
    };
    Some(problem(&it.path, it.line, text))
}

fn measure(path: &str, text: &str) -> Vec<Measured> {
    let extension = path.rsplit('.').next().unwrap_or_default();
    if !EXTENSIONS.contains(&extension) {
        return Vec::new();
    }
    let owned = path.to_owned();
    let lines = text.lines().count();
    let file = Measured { path: owned, function: None, line: 0, lines, budget: file_budget(path) };
    let mut measured = vec![file];
    if extension == "rs" {
        let functions = RustSource::new(text).functions().into_iter();
        measured.extend(functions.map(|it| Measured {
            path: path.to_owned(),
            budget: function_budget(path, &it.name),
            function: Some(it.name),
            line: it.line,
            lines: it.lines,
        }));
    }
    measured
}

fn file_budget(path: &str) -> usize {
    let is_small = SMALL.iter().any(|it| path.starts_with(it)) && !path.ends_with("/mod.rs");
    if is_small { SMALL_FILE_MAX } else { FILE_MAX }
}

fn function_budget(path: &str, name: &str) -> usize {
    // The switchboard in mod.rs has an arm for each event.
    let is_event = path.starts_with(EVENTS) && !path.ends_with("/mod.rs");
    if is_event && name.starts_with("evolve") { EVOLVE_MAX } else { FUNCTION_MAX }
}

const RATCHET: &str = "tests/tidy/ratchet.txt";
const EXTENSIONS: [&str; 5] = ["rs", "mjs", "js", "ts", "py"];
const EVENTS: &str = "core/engine/src/process/events/";
const SMALL: [&str; 3] =
    ["core/engine/src/process/commands/", EVENTS, "core/engine/src/process/elements/"];
const FILE_MAX: usize = 400;
const SMALL_FILE_MAX: usize = 120;
const FUNCTION_MAX: usize = 70;
const EVOLVE_MAX: usize = 25;

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(files: &[(&str, &str)]) -> Vec<String> {
        budgets(&Repository::of(files)).into_iter().map(|it| it.text).collect()
    }

    fn function(name: &str, lines: usize) -> String {
        format!("fn {name}() {{\n{}}}\n", "    f();\n".repeat(lines - 2))
    }

    #[test]
    fn a_long_file_is_found() {
        let long = "// a\n".repeat(401);
        assert_eq!(texts(&[("core/log/src/lib.rs", &long)]).len(), 1);
        assert_eq!(texts(&[("core/log/src/lib.rs", &long[5..])]), [""; 0]);
        assert_eq!(
            texts(&[("core/engine/src/process/elements/timer.rs", &long[5 * 280..])]).len(),
            1
        );
    }

    #[test]
    fn a_long_function_is_found() {
        let found =
            texts(&[("xtask/src/main.rs", &(function("fine", 70) + &function("long", 71)))]);
        assert_eq!(found, ["expected at most 70 lines, found 71 in xtask/src/main.rs::long"]);
        let evolve = function("evolve", 26);
        assert_eq!(texts(&[("core/engine/src/process/events/job_created.rs", &evolve)]).len(), 1);
    }

    #[test]
    fn the_ratchet_only_shrinks() {
        let long = function("long", 80);
        let sinner = |lines: usize| format!("# a note\na/b.rs::long {lines}\n");
        let with = |lines| texts(&[("a/b.rs", &long), (RATCHET, &sinner(lines))]);
        assert_eq!(with(80), [""; 0]);
        assert_eq!(with(79), ["expected at most 79 lines, found 80 in a/b.rs::long"]);
        assert!(with(81)[0].ends_with("write 80"), "{:?}", with(81));
        let stale = texts(&[("a/b.rs", &function("long", 70)), (RATCHET, &sinner(80))]);
        assert!(stale[0].ends_with("remove the line"), "{stale:?}");
    }
}
