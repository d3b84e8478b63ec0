//! Shows the line of a file that something is wrong with, and points at the place.

use super::paint::Paint;

/// Returns three lines: a margin, the line of the text with its number, and a caret below the column.
///
/// Lines and columns count from 1. Nothing is shown of a line that does not exist.
pub fn excerpt(text: &str, line: u32, column: u32, paint: Paint) -> Vec<String> {
    let index = usize::try_from(line).unwrap_or_default();
    let Some(source) = index.checked_sub(1).and_then(|it| text.lines().nth(it)) else {
        return Vec::new();
    };
    let column = usize::try_from(column).unwrap_or_default().saturating_sub(1);
    let (shown, caret) = window(source, column);
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    let bar = paint.dim("|");
    vec![
        format!("{margin} {bar}"),
        format!("{} {bar} {shown}", paint.dim(&number)),
        format!("{margin} {bar} {}{}", " ".repeat(caret), paint.red("^")),
    ]
}

/// Cuts what a line has too much of around a column; returns the rest and the column in it.
fn window(source: &str, column: usize) -> (String, usize) {
    let plain: Vec<char> = source.chars().map(|it| if it == '\t' { ' ' } else { it }).collect();
    let indent = plain.iter().take_while(|it| **it == ' ').count();
    let indent = indent.min(column);
    let begin = if column - indent + AFTER > WIDTH_MAX { column - BEFORE } else { indent };
    let end = plain.len().min(begin + WIDTH_MAX);
    let visible: String = plain[begin.min(end)..end].iter().collect();
    let head = if begin > indent { "…" } else { "" };
    let tail = if end < plain.len() { "…" } else { "" };
    let caret = column.min(plain.len()).saturating_sub(begin) + head.chars().count();
    (format!("{head}{visible}{tail}"), caret)
}

const WIDTH_MAX: usize = 96;
const BEFORE: usize = 40;
const AFTER: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, line: u32, column: u32) -> String {
        excerpt(text, line, column, Paint::none()).join("\n")
    }

    #[test]
    fn points_below_the_column() {
        assert_eq!(shown("a\n\t<é b=\"1\"/>\n", 2, 5), "  |\n2 | <é b=\"1\"/>\n  |    ^");
        assert_eq!(shown("abc", 1, 9), "  |\n1 | abc\n  |    ^");
        assert_eq!(shown("abc", 7, 1), "");
        assert_eq!(shown("", 0, 0), "");
    }

    #[test]
    fn cuts_a_long_line_around_the_column() {
        let line = format!("{}X{}", "a".repeat(300), "b".repeat(300));
        let text = shown(&line, 1, 301);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].chars().count() < 110, "{text}");
        let caret = lines[2].chars().position(|it| it == '^');
        assert_eq!(caret, lines[1].chars().position(|it| it == 'X'), "{text}");
    }
}
