//! Every path that a Markdown file names is there.

use super::{Problem, Repository, problem};

/// Checks the links and the paths in back-quotes of every Markdown file.
pub fn dead_paths(repository: &Repository) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in repository.below("", ".md") {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (line, found) in named_paths(text) {
            let places = [resolve(folder, &found), resolve("", &found)];
            let is_made = places
                .iter()
                .any(|it| MADE.iter().any(|made| it.split('/').any(|part| part == *made)));
            if !is_made && !places.iter().any(|it| repository.has(it)) {
                problems.push(problem(
                    path,
                    line,
                    format!("expected a path that exists, found `{found}`"),
                ));
            }
        }
    }
    problems
}

/// Returns what looks like a path of this repository, with its line.
fn named_paths(text: &str) -> Vec<(usize, String)> {
    let mut paths = Vec::new();
    let mut fenced = false;
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if fenced {
            continue;
        }
        let quoted = line.split('`').skip(1).step_by(2).filter(|it| is_path(it));
        let links = line.split("](").skip(1).filter_map(|it| it.split(')').next());
        let links = links
            .filter(|it| !it.is_empty() && !it.contains(':') && !it.starts_with(['#', '<', '/']));
        paths.extend(quoted.chain(links).map(|it| (at + 1, clean(it))));
    }
    paths
}

/// Tells whether quoted text is meant as a path: it begins with a folder of the root, or it is one
/// word with a slash and the ending of a file.
fn is_path(text: &str) -> bool {
    let is_plain = |it: char| it.is_alphanumeric() || "._-/@".contains(it);
    let begins = FOLDERS.iter().any(|it| text.starts_with(it));
    let ends = ENDINGS.iter().any(|it| text.ends_with(it));
    text.contains('/') && !text.starts_with('/') && text.chars().all(is_plain) && (begins || ends)
}

fn clean(path: &str) -> String {
    let path = path.split(['#', '?', ' ']).next().unwrap_or(path);
    path.trim_end_matches('/').to_owned()
}

fn resolve(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

const FOLDERS: [&str; 7] =
    ["core/", "host-native/", "host-wasm/", "js/", "tests/", "xtask/", ".ci/"];
const ENDINGS: [&str; 9] = [".rs", ".md", ".toml", ".mjs", ".ts", ".json", ".txt", ".py", ".bpmn"];
/// Folders that are made, not committed.
const MADE: [&str; 3] = ["target", "node_modules", "dist"];

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        let files = [
            ("core/engine/docs/a.md", text),
            ("core/engine/docs/b.md", ""),
            ("tests/src/lib.rs", ""),
        ];
        dead_paths(&Repository::of(&files)).into_iter().map(|it| it.to_string()).collect()
    }

    #[test]
    fn a_dead_path_is_found() {
        let found = texts("one\n`core/engine/src/gone.rs` and [gone](c.md#part)\n");
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("core/engine/docs/a.md:2: "), "{found:?}");
        assert_eq!(texts("`src/gone.rs`, `tests/gone/`").len(), 2);
    }

    #[test]
    fn what_exists_or_is_no_path_is_free() {
        assert_eq!(
            texts("`tests/src/lib.rs`, `core/engine/`, [b](b.md), [t](../../../tests/src)"),
            [""; 0]
        );
        assert_eq!(
            texts("`POST /v2/jobs`, `a/b`, [w](https://example.org/x.md), `tests/*.rs`"),
            [""; 0]
        );
        assert_eq!(texts("`target/bench.json`, `js/packages/dacapo/dist/`"), [""; 0]);
        assert_eq!(texts("```\n`core/gone.rs`\n```"), [""; 0]);
    }
}
