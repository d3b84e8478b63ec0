//! The contents of the manual: what the suites show, as tables. `UPDATE=1 cargo test -p dacapo-tests --test spec` writes it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use dacapo_engine::kernel::{Body, Engine, KernelCommand};
use dacapo_engine::process::{Command, ElementType, Process, rejections};

use super::shown::Shown;
use super::support::{ALL, Entry};

/// Returns where the contents stand.
pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/README.md")
}

/// Writes the contents of the manual.
///
/// # Panics
/// A suite or a source file cannot be read.
pub fn contents() -> String {
    let shown = Shown::of_all_suites();
    [BEGINNING.to_owned(), concepts(&shown), elements(&shown), commands(&shown), refusals(&shown)]
        .join("\n")
}

/// Writes what is supported in a few lines, one for each group.
pub fn short() -> String {
    let mut text = String::from("| BPMN | supported | not yet |\n|---|---|---|\n");
    for group in ["events", "tasks", "gateways", "scopes"] {
        let entries = ALL.iter().filter(|it| it.group == group);
        let found: Vec<_> = entries.map(|it| (it, it.support())).collect();
        let supported = found.iter().filter_map(|(entry, it)| named(entry, &it.supported));
        let supported: Vec<_> = supported.collect();
        // What is refused everywhere is said once.
        let mut nowhere: Vec<_> = found.iter().flat_map(|(_, it)| &it.refused).copied().collect();
        nowhere.retain(|name| {
            !found.iter().any(|(entry, it)| it.supported.contains(name) || entry.name == *name)
        });
        let mut refused = Vec::new();
        for (entry, support) in &found {
            let here = support.refused.iter().copied().filter(|it| !nowhere.contains(it));
            refused.extend(named(entry, &here.collect::<Vec<_>>()));
        }
        let mut seen = BTreeSet::new();
        nowhere.retain(|name| seen.insert(*name));
        if !nowhere.is_empty() {
            refused.insert(0, nowhere.join(", "));
        }
        let _ = writeln!(text, "| {group} | {} | {} |", supported.join(" · "), refused.join(" · "));
    }
    text
}

fn concepts(shown: &Shown) -> String {
    let mut text = String::from("## Concepts\n\n");
    for (path, (title, paragraph)) in shown.suites.iter().filter(|it| it.0.starts_with("concepts/"))
    {
        let _ = writeln!(text, "* [{title}]({path}): {}", first_sentence(paragraph));
    }
    text
}

fn elements(shown: &Shown) -> String {
    let mut text = String::from(
        "## Elements\n\nWhat is not supported is refused at deployment with line and column. Waits and incidents are those \
         that the suites show;\nan element also waits for its incidents to be resolved.\n\n\
         | element | supported | not yet | waits for | incidents | suite |\n|---|---|---|---|---|---|\n",
    );
    for entry in ALL {
        let support = entry.support();
        let list = |names: &[&str]| match names {
            [] => "–".to_owned(),
            [name] if *name == entry.name => "yes".to_owned(),
            names => names.join(", "),
        };
        let refused = list(&support.refused).replace("yes", "all of it");
        let of = |map: &std::collections::BTreeMap<ElementType, BTreeSet<&'static str>>| {
            let found = entry.element_type.and_then(|it| map.get(&it));
            found.map_or("–".into(), |it| it.iter().copied().collect::<Vec<_>>().join(", "))
        };
        let _ = writeln!(
            text,
            "| {} | {} | {refused} | {} | {} | {} |",
            entry.name,
            list(&support.supported),
            of(&shown.waits),
            of(&shown.incidents).replace("UNSPECIFIED", "UNSPECIFIED (a limit)"),
            suites_of(shown, entry),
        );
    }
    text
}

fn commands(shown: &Shown) -> String {
    let mut text = String::from(
        "## Commands\n\nWhat can be asked, by whom, and how it is refused.\n\n\
         | command | asked by | refused as | suite |\n|---|---|---|---|\n",
    );
    let kernel = KernelCommand::intents().into_iter();
    for intent in Command::intents().into_iter().chain(kernel) {
        let codes = shown.refused.get(intent.name);
        let codes = codes.into_iter().flat_map(|it| it.keys()).map(|code| format!("`{code}`"));
        let codes: Vec<_> = codes.collect();
        let who = match (shown.asked.contains(intent.name), shown.accepted.get(intent.name)) {
            (true, _) => "clients",
            (false, Some(_)) => "the machine",
            (false, None) => "the inbox",
        };
        let own = shown.suites.iter().find(|(_, (title, _))| title == intent.name);
        let suite = link(shown, own.map_or("commands/internal.md", |(path, _)| path));
        let codes = if codes.is_empty() { "–".into() } else { codes.join(", ") };
        let _ = writeln!(text, "| `{}` | {who} | {codes} | {suite} |", intent.name);
    }
    text
}

fn refusals(shown: &Shown) -> String {
    let mut text = String::from(
        "## Rejections\n\nEach stands in the log with its reason, and every answer names it.\n\n\
         | code | class | means | suite |\n|---|---|---|---|\n",
    );
    let kernel = Engine::<Process>::kernel_rejections();
    for code in rejections::ALL.iter().chain(&kernel) {
        let places = shown.refused.values().filter_map(|it| it.get(code.name)).flatten();
        let place = places.min_by_key(|path| rank(path)).map_or("–".into(), |it| link(shown, it));
        let (class, meaning) = (code.class.name(), meaning(code.name));
        let _ = writeln!(text, "| `{}` | {class} | {meaning} | {place} |", code.name);
    }
    text
}

/// Finds what a code means: for the machine's where it is defined.
fn meaning(code: &str) -> String {
    if let Some((_, meaning)) = KERNEL.iter().find(|(name, _)| *name == code) {
        return (*meaning).into();
    }
    let source = include_str!("../../../core/engine/src/process/rejections.rs");
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    let at = lines.iter().position(|it| it.contains(&format!("= \"{code}\"")));
    let line = at.and_then(|at| lines.get(at - 1)).and_then(|it| it.strip_prefix("/// "));
    line.expect("a code says what it means").into()
}

/// Names an element and its variants, without the word that its group has already.
fn named(entry: &Entry, variants: &[&'static str]) -> Option<String> {
    let group = entry.group.trim_end_matches('s');
    let name = entry.name.strip_suffix(group).unwrap_or(entry.name).trim_end();
    match variants {
        [] => None,
        [variant] if *variant == entry.name => Some(name.into()),
        variants => Some(format!("{name}: {}", variants.join(", "))),
    }
}

fn suites_of(shown: &Shown, entry: &Entry) -> String {
    let Some(element_type) = entry.element_type else { return "–".into() };
    let stem = match element_type {
        ElementType::UndefinedTask => "elements/undefined_task".to_owned(),
        other => format!("elements/{}", other.name().to_lowercase()),
    };
    let paths = shown.suites.keys().filter(|it| it.starts_with(&stem));
    paths.map(|path| link(shown, path)).collect::<Vec<_>>().join(", ")
}

fn link(shown: &Shown, path: &str) -> String {
    format!("[{}]({path})", shown.suites[path].0)
}

/// Commands explain what is refused before others do, and concepts before elements.
fn rank(path: &str) -> (usize, &str) {
    let folders = ["commands/", "concepts/", "elements/"];
    (folders.iter().position(|it| path.starts_with(it)).unwrap_or(folders.len()), path)
}

fn first_sentence(paragraph: &str) -> String {
    paragraph.split_once(". ").map_or(paragraph.to_owned(), |(first, _)| format!("{first}."))
}

/// What the codes of the kernel mean.
const KERNEL: [(&str, &str); 4] = [
    ("fault", "The engine broke on the command, which did nothing; imposed by the host."),
    ("request_conflict", "The request id was used for another body."),
    ("parked_work_not_found", "No such parked work."),
    ("command_malformed", "What came through the inbox is no command."),
];

const BEGINNING: &str = "# The manual

Every chapter is prose and examples: a process in the arrow notation, what is done, and the log that it writes, each line
with the record that caused it. The tests run every example, so that what stands here is what happens. This page is
written by them, too: `UPDATE=1 cargo test -p dacapo-tests --test spec`.
";
