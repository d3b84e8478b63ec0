//! A view of a Rust file that needs no parser: code without comments and literals, comments
//! without code, functions with their lengths. Lines keep their numbers.

/// A Rust file, taken apart; every part has the lines of the whole.
pub struct RustSource {
    /// The code: comments and the contents of literals are blanks.
    pub code: String,
    /// The comments: everything else is blanks.
    pub comments: String,
}

/// A function that has a body.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line of its `fn`, from 1.
    pub line: usize,
    /// From that line to its closing brace, both included.
    pub lines: usize,
}

/// A word of code.
#[derive(Clone, Copy)]
pub struct Word<'a> {
    /// The identifier or keyword.
    pub text: &'a str,
    /// The byte where it begins.
    pub start: usize,
}

impl RustSource {
    /// Takes a file apart.
    pub fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut it = Self { code: String::new(), comments: String::new() };
        let mut at = 0;
        while let Some(&first) = chars.get(at) {
            let rest = chars.get(at..).unwrap_or_default();
            let (length, part) = match first {
                '/' if rest.get(1) == Some(&'/') => (line_comment(rest), Part::Comment),
                '/' if rest.get(1) == Some(&'*') => (block_comment(rest), Part::Comment),
                '"' => (string(rest), Part::Literal),
                '\'' => (character(rest), Part::Literal),
                _ if first.is_alphabetic() || first == '_' => word_or_raw_string(rest),
                _ => (1, Part::Code),
            };
            let taken = rest.get(..length).unwrap_or(rest);
            taken.iter().for_each(|&char| it.push(char, part));
            at += length.max(1);
        }
        it
    }

    /// Lists the words of the code.
    pub fn words(&self) -> Vec<Word<'_>> {
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        let mut words = Vec::new();
        let mut start = None;
        for (at, char) in self.code.char_indices().chain([(self.code.len(), ' ')]) {
            match (start, is_word(char)) {
                (None, true) => start = Some(at),
                (Some(begin), false) => {
                    words.push(Word {
                        text: self.code.get(begin..at).unwrap_or_default(),
                        start: begin,
                    });
                    start = None;
                }
                _ => {}
            }
        }
        words
    }

    /// Returns the line of a byte of the code, from 1.
    pub fn line_of(&self, byte: usize) -> usize {
        self.code.get(..byte).unwrap_or_default().matches('\n').count() + 1
    }

    /// Returns the code from a byte on.
    pub fn after(&self, byte: usize) -> &str {
        self.code.get(byte..).unwrap_or_default()
    }

    /// Lists the functions that have a body.
    pub fn functions(&self) -> Vec<Function> {
        let words = self.words();
        let named = words.windows(2).filter_map(|pair| match pair {
            [keyword, name] if keyword.text == "fn" => Some((keyword, name)),
            _ => None,
        });
        let function = |(keyword, name): (&Word<'_>, &Word<'_>)| {
            let between = self.code.get(keyword.start + 2..name.start)?;
            let body =
                if between.trim().is_empty() { self.body(name.start)? } else { return None };
            let line = self.line_of(keyword.start);
            Some(Function { name: name.text.into(), line, lines: self.line_of(body) - line + 1 })
        };
        named.filter_map(function).collect()
    }

    /// Returns the byte of the brace that closes the body of what begins at `start`.
    fn body(&self, start: usize) -> Option<usize> {
        let mut depth = 0_usize;
        let mut in_body = false;
        for (at, char) in self.after(start).char_indices() {
            match char {
                ';' if depth == 0 => return None,
                '{' if depth == 0 => {
                    in_body = true;
                    depth = 1;
                }
                '{' | '(' | '[' => depth += 1,
                '}' | ')' | ']' => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if in_body && depth == 0 {
                return Some(start + at);
            }
        }
        None
    }

    fn push(&mut self, char: char, part: Part) {
        let blank = if char == '\n' { '\n' } else { ' ' };
        // Bytes of both parts must match, so a wide character becomes as many blanks.
        let blanks = |text: &mut String| (0..char.len_utf8()).for_each(|_| text.push(blank));
        match part {
            Part::Code => {
                self.code.push(char);
                blanks(&mut self.comments);
            }
            Part::Comment => {
                blanks(&mut self.code);
                self.comments.push(char);
            }
            Part::Literal => {
                blanks(&mut self.code);
                blanks(&mut self.comments);
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Part {
    Code,
    Comment,
    Literal,
}

fn line_comment(rest: &[char]) -> usize {
    rest.iter().position(|&it| it == '\n').unwrap_or(rest.len())
}

fn block_comment(rest: &[char]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        match (rest.get(at), rest.get(at + 1)) {
            (Some('/'), Some('*')) => (depth, at) = (depth + 1, at + 2),
            (Some('*'), Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn string(rest: &[char]) -> usize {
    let mut at = 1;
    while let Some(&char) = rest.get(at) {
        match char {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// A character, or nothing but the quote of a lifetime or a label.
fn character(rest: &[char]) -> usize {
    match rest {
        [_, '\\', _, tail @ ..] => tail.iter().position(|&it| it == '\'').map_or(1, |it| it + 4),
        [_, _, '\'', ..] => 3,
        _ => 1,
    }
}

fn word_or_raw_string(rest: &[char]) -> (usize, Part) {
    let word = rest.iter().take_while(|it| it.is_alphanumeric() || **it == '_').count();
    let name: String = rest.iter().take(word).collect();
    let after = rest.get(word..).unwrap_or_default();
    let hashes = after.iter().take_while(|it| **it == '#').count();
    let is_raw = matches!(name.as_str(), "r" | "br" | "cr") && after.get(hashes) == Some(&'"');
    if !is_raw {
        return (word, Part::Code);
    }
    let open = word + hashes + 1;
    let body = rest.get(open..).unwrap_or_default();
    let closes = |it: &[char]| it.first() == Some(&'"') && it.iter().skip(1).all(|it| *it == '#');
    let end = body.windows(hashes + 1).position(closes);
    (end.map_or(rest.len(), |it| open + it + hashes + 1), Part::Literal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_and_comments_are_no_code() {
        let text = "let a = \"fn x() { // no\"; // yes\nlet b = r#\"\"quoted\" */\"#; /* a /* b */ c */ let d = '\"';";
        let it = RustSource::new(text);
        assert!(!it.code.contains("fn") && !it.code.contains("quoted") && !it.code.contains('"'));
        assert!(it.code.contains("let b =") && it.code.contains("let d ="));
        assert_eq!(it.comments.split_whitespace().next(), Some("//"));
        assert!(it.comments.contains("yes") && it.comments.contains("b */ c"));
        assert!(!it.comments.contains("no"));
    }

    #[test]
    fn lifetimes_are_code_and_characters_are_not() {
        let it =
            RustSource::new("fn f<'a>(x: &'a str) -> char { '{' }\nfn g() -> char { '\\'' }\n");
        assert!(it.code.contains("a str"));
        let lines: Vec<_> = it.functions().into_iter().map(|it| (it.name, it.lines)).collect();
        assert_eq!(lines, [("f".to_owned(), 1), ("g".to_owned(), 1)]);
    }

    #[test]
    fn functions_reach_to_their_closing_brace() {
        let text = "trait T {\n    fn declared(&self) -> [u8; 4];\n}\nfn long(\n    f: fn(u8) -> u8,\n) {\n    {}\n}\n";
        let functions = RustSource::new(text).functions();
        assert_eq!(functions, [Function { name: "long".into(), line: 4, lines: 5 }]);
    }
}
