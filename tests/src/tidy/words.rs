//! One concept, one word: the words that no public item of the core may be named with.

use super::rust_source::RustSource;
use super::{Problem, Repository, problem};

/// A banned word.
struct Banned<'a> {
    word: &'a str,
    instead: &'a str,
    /// Names that may contain it.
    except: Vec<&'a str>,
}

/// Checks the names of public items in the core against the list.
pub fn banned_words(repository: &Repository) -> Vec<Problem> {
    let banned = read(repository.text(LIST).unwrap_or_default());
    let mut problems = Vec::new();
    for (path, text) in repository.below("core/", ".rs") {
        let source = RustSource::new(text);
        for (name, at) in public_names(&source) {
            let parts = parts(name);
            let found = banned.iter().find(|it| {
                let is_named = parts.iter().any(|part| part == it.word);
                is_named && !it.except.contains(&name)
            });
            if let Some(it) = found {
                let text = format!("expected {} in `{name}`, found `{}`", it.instead, it.word);
                problems.push(problem(path, source.line_of(at), text));
            }
        }
    }
    problems
}

/// Reads `word = instead` or `word = instead ; except Name, other_name`.
fn read(text: &str) -> Vec<Banned<'_>> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    let banned = |line| {
        let (word, rest) = str::split_once(line, '=')?;
        let (instead, except) = rest.split_once("; except").unwrap_or((rest, ""));
        let except = except.split(',').map(str::trim).filter(|it| !it.is_empty()).collect();
        Some(Banned { word: word.trim(), instead: instead.trim(), except })
    };
    lines.filter_map(banned).collect()
}

/// Returns the names of items that are public beyond the crate, with their bytes.
fn public_names(source: &RustSource) -> Vec<(&str, usize)> {
    let words = source.words();
    let mut names = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let is_open = !source.after(word.start + word.text.len()).trim_start().starts_with('(');
        if word.text != "pub" || !is_open {
            continue;
        }
        let mut rest = words.iter().skip(at + 1);
        let item = rest.by_ref().find(|it| !QUALIFIERS.contains(&it.text));
        if item.is_some_and(|it| ITEMS.contains(&it.text))
            && let Some(name) = rest.next()
        {
            names.push((name.text, name.start));
        }
    }
    names
}

/// Takes `HttpRequest_id` apart: `http`, `request`, `id`.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut was_lower = false;
    for char in name.chars() {
        if char == '_' || (char.is_uppercase() && was_lower) {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut()
            && char != '_'
        {
            part.extend(char.to_lowercase());
        }
        was_lower = char.is_lowercase();
    }
    parts
}

const LIST: &str = "tests/tidy/words.txt";
const QUALIFIERS: [&str; 3] = ["const", "unsafe", "async"];
const ITEMS: [&str; 7] = ["fn", "struct", "enum", "trait", "type", "static", "mod"];

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &str =
        "# glossary\nrequest = command ; except request_id, RequestKey\nshard = partition\n";

    fn texts(text: &str) -> Vec<String> {
        let files = [("core/log/src/lib.rs", text), (LIST, WORDS)];
        banned_words(&Repository::of(&files)).into_iter().map(|it| it.text).collect()
    }

    #[test]
    fn a_banned_word_in_a_public_name_is_found() {
        assert_eq!(
            texts("pub struct JobRequest;"),
            ["expected command in `JobRequest`, found `request`"]
        );
        assert_eq!(texts("pub const fn shard_of(key: u64) -> u64 { key }").len(), 1);
        assert_eq!(texts("pub mod shard;").len(), 1);
    }

    #[test]
    fn other_names_are_free() {
        let free = "struct Shard; pub(crate) fn shard() {} pub fn request_id() {} pub struct RequestKey;\n\
            pub fn sharding() { let shard = 1; } // pub fn shard()\npub use other::shard;";
        assert_eq!(texts(free), [""; 0]);
    }
}
