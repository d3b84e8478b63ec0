//! What may not stand in a file: left-overs of work, and the machine it was done on.

use super::rust_source::RustSource;
use super::{Problem, Repository, problem};

/// Checks for notes to oneself without an issue number, and for printing in libraries.
pub fn left_overs(repository: &Repository) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in repository.files() {
        if path.ends_with(".rs") {
            let source = RustSource::new(text);
            notes(path, &source.comments, &mut problems);
            macros(path, &source, &mut problems);
        } else if SCRIPTS.iter().any(|it| path.ends_with(it)) {
            notes(path, text, &mut problems);
        }
    }
    problems
}

/// Checks for paths of the machine that a file was written on.
pub fn machine_paths(repository: &Repository) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in repository.files() {
        for (at, line) in text.lines().enumerate() {
            for folder in MACHINE {
                let mut found = line.match_indices(folder);
                if found.any(|(at, _)| is_begin(line.get(..at).unwrap_or_default())) {
                    let text = format!("expected no path of one machine, found `{folder}`");
                    problems.push(problem(path, at + 1, text));
                }
            }
        }
    }
    problems
}

fn notes(path: &str, text: &str, problems: &mut Vec<Problem>) {
    for (at, line) in text.lines().enumerate() {
        for word in NOTES {
            let mut found = line.match_indices(word).filter(|(at, _)| is_word(line, *at, word));
            let is_open = |after: &str| word == NOTES[0] && after.starts_with("(#");
            if found.any(|(at, it)| !is_open(line.get(at + it.len()..).unwrap_or_default())) {
                let text = format!("expected nothing left over, found `{word}`");
                problems.push(problem(path, at + 1, text));
            }
        }
    }
}

fn macros(path: &str, source: &RustSource, problems: &mut Vec<Problem>) {
    let may_print = PRINTS.iter().any(|it| path.starts_with(it));
    for word in source.words() {
        let is_macro = source.after(word.start + word.text.len()).starts_with('!');
        let is_print = PRINT.contains(&word.text) && !may_print;
        if is_macro && (is_print || word.text == "dbg") {
            let text = format!("expected no printing here, found `{}!`", word.text);
            problems.push(problem(path, source.line_of(word.start), text));
        }
    }
}

fn is_word(line: &str, at: usize, word: &str) -> bool {
    let is_letter = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
    let before = line.get(..at).and_then(|it| it.chars().next_back());
    let after = line.get(at + word.len()..).and_then(|it| it.chars().next());
    !is_letter(before) && !is_letter(after)
}

/// Tells whether an absolute path can begin after this text.
fn is_begin(before: &str) -> bool {
    before.chars().next_back().is_none_or(|it| !it.is_alphanumeric() && !"_-.}>)*~/".contains(it))
}

// In halves, or they would be found here.
const NOTES: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];
const MACHINE: [&str; 5] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("C:\\", "Users"),
];
const SCRIPTS: [&str; 7] = [".mjs", ".js", ".ts", ".py", ".toml", ".sql", ".yml"];
const PRINT: [&str; 4] = ["println", "print", "eprintln", "eprint"];
/// Programs, whose output is what they are for.
const PRINTS: [&str; 7] = [
    "xtask/",
    // What a build script prints is for cargo.
    "host-native/build.rs",
    "tests/",
    "host-native/src/main.rs",
    "host-native/src/cli/",
    "host-native/tests/",
    "host-native/examples/",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        let repository = Repository::of(&[(path, text)]);
        left_overs(&repository).len() + machine_paths(&repository).len()
    }

    #[test]
    fn a_note_without_an_issue_is_found() {
        let note = format!("fn f() {{}} // {}: later\n", NOTES[0]);
        assert_eq!(count("core/log/src/lib.rs", &note), 1);
        assert_eq!(count("js/packages/dacapo/test/a.mjs", &note), 1);
        assert_eq!(count("core/log/src/lib.rs", &note.replace(": later", "(#12): later")), 0);
        assert_eq!(count("core/log/src/lib.rs", &format!("// {}(#1)", NOTES[1])), 1);
        assert_eq!(count("core/log/src/lib.rs", &format!("const A: &str = \"{}\";", NOTES[0])), 0);
    }

    #[test]
    fn printing_in_a_library_is_found() {
        let print = "fn f() { println!(\"a\"); }";
        assert_eq!(count("core/log/src/lib.rs", print), 1);
        assert_eq!(count("host-native/src/http/jobs.rs", print), 1);
        assert_eq!(count("host-native/src/cli/log.rs", print), 0);
        assert_eq!(count("host-native/src/cli/log.rs", "fn f() { dbg!(1); }"), 1);
        assert_eq!(count("core/log/src/lib.rs", "/// `println!(1)`\nfn f(println: u8) {}"), 0);
    }

    #[test]
    fn a_path_of_one_machine_is_found() {
        assert_eq!(count("deny.toml", &format!("a = \"{}me/x\"", MACHINE[2])), 1);
        assert_eq!(count("README.md", &format!("cd {}project", MACHINE[0])), 1);
        assert_eq!(count("README.md", &format!("https://example.org{}project", MACHINE[0])), 0);
    }
}
