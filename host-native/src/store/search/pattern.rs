//! Patterns of text: `*`, `?` and `\`, as LIKE of PostgreSQL, as GLOB of SQLite, and matched directly.

/// A part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Any text.
    Any,
    /// One character.
    One,
    /// This character.
    Exactly(char),
}

/// Takes a pattern apart.
pub(super) fn parse(pattern: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        parts.push(match character {
            '*' => Part::Any,
            '?' => Part::One,
            // a backslash at the end stands for itself
            '\\' => Part::Exactly(characters.next().unwrap_or('\\')),
            other => Part::Exactly(other),
        });
    }
    parts.dedup_by(|a, b| *a == Part::Any && *b == Part::Any);
    parts
}

/// Writes a pattern for `LIKE` with `\` as its escape.
pub(super) fn like(pattern: &str) -> String {
    let mut text = String::new();
    for part in parse(pattern) {
        match part {
            Part::Any => text.push('%'),
            Part::One => text.push('_'),
            Part::Exactly(it @ ('%' | '_' | '\\')) => text.extend(['\\', it]),
            Part::Exactly(it) => text.push(it),
        }
    }
    text
}

/// Writes a pattern for `GLOB`, which is sensitive to case, unlike SQLite's `LIKE`.
pub(super) fn glob(pattern: &str) -> String {
    let mut text = String::new();
    for part in parse(pattern) {
        match part {
            Part::Any => text.push('*'),
            Part::One => text.push('?'),
            Part::Exactly(it @ ('*' | '?' | '[')) => text.extend(['[', it, ']']),
            Part::Exactly(it) => text.push(it),
        }
    }
    text
}

/// Returns whether a text is like a pattern, in time proportional to their product.
pub(super) fn is_like(text: &str, pattern: &str) -> bool {
    let parts = parse(pattern);
    let characters: Vec<char> = text.chars().collect();
    let (mut at, mut part) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while at < characters.len() {
        match parts.get(part) {
            Some(Part::Any) => {
                retry = Some((at, part + 1));
                part += 1;
                continue;
            }
            Some(Part::One) => {}
            Some(Part::Exactly(it)) if *it == characters[at] => {}
            Some(Part::Exactly(_)) | None => {
                let Some((from, next)) = retry else { return false };
                retry = Some((from + 1, next));
                (at, part) = (from + 1, next);
                continue;
            }
        }
        (at, part) = (at + 1, part + 1);
    }
    parts[part..].iter().all(|it| *it == Part::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_their_users_expect() {
        for (text, pattern, expected) in [
            ("order-1", "order-*", true),
            ("order-1", "order-?", true),
            ("order-12", "order-?", false),
            ("aXbXc", "a*b*c", true),
            ("aXbXd", "a*b*c", false),
            ("100%", "100%", true),
            ("1000", "100%", false),
            ("a*b", r"a\*b", true),
            ("aXb", r"a\*b", false),
            ("", "*", true),
            ("", "?", false),
            ("[x]", "[x]", true),
            ("x", "[x]", false),
            ("Ab", "ab", false),
        ] {
            assert_eq!(is_like(text, pattern), expected, "{text} like {pattern}");
        }
    }
}
