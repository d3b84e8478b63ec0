//! Reads the lines of a `run` block: a verb, words, `name=value` options, and a context of variables.

use std::collections::BTreeMap;

/// One line of a `run` block.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The verb.
    pub verb: String,
    /// The words and quoted texts after it.
    pub words: Vec<String>,
    /// The options.
    pub options: BTreeMap<String, String>,
    /// The variables, as the text of a FEEL context; empty if there are none.
    pub variables: String,
}

impl Line {
    /// Returns a word after the verb; empty without one.
    pub fn word(&self, index: usize) -> &str {
        self.words.get(index).map_or("", String::as_str)
    }

    /// Returns an option.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.get(name).map(String::as_str)
    }

    /// Returns an option that is a number.
    ///
    /// # Panics
    /// It is none.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        let text = self.option(name)?;
        Some(text.parse().unwrap_or_else(|_| panic!("expected a number, found {text}")))
    }
}

/// Reads all lines; blank lines and those that begin with `#` say nothing.
pub fn lines(text: &str) -> Vec<Line> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(line)
        .collect()
}

fn line(text: &str) -> Line {
    let (head, variables) = text.split_at(text.find('{').unwrap_or(text.len()));
    let mut words = words(head).into_iter();
    let mut line = Line {
        verb: words.next().unwrap_or_default(),
        variables: variables.trim().into(),
        ..Line::default()
    };
    for word in words {
        match word.split_once('=') {
            Some((name, value)) => line.options.insert(name.into(), value.into()).map_or((), drop),
            None => line.words.push(word),
        }
    }
    line
}

fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut is_quoted, mut is_open) =
        (Vec::new(), String::new(), false, false);
    for character in text.chars() {
        match character {
            '"' => (is_quoted, is_open) = (!is_quoted, true),
            ' ' if !is_quoted => {
                if is_open {
                    words.push(std::mem::take(&mut word));
                }
                is_open = false;
            }
            other => {
                word.push(other);
                is_open = true;
            }
        }
    }
    if is_open {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_verb_words_options_and_variables() {
        let [line] =
            &lines("# no\n\npublish \"order paid\" key=\"a b\" ttl=PT1M {x: {y: 1}}\n")[..]
        else {
            panic!("expected one line")
        };
        assert_eq!(line.verb, "publish");
        assert_eq!(line.words, ["order paid"]);
        assert_eq!(line.options["key"], "a b");
        assert_eq!(line.options["ttl"], "PT1M");
        assert_eq!(line.variables, "{x: {y: 1}}");
    }
}
