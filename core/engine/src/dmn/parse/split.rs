//! Splits unary tests at their commas.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Returns the pieces between commas that stand in no text and in no brackets.
pub(super) fn top_level_pieces(source: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let (mut start, mut depth) = (0, 0_u32);
    let mut quoted = false;
    let mut escaped = false;
    for (at, character) in source.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth = depth.saturating_add(1),
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                pieces.extend(source.get(start..at).map(|it| it.trim().to_string()));
                start = at.saturating_add(1);
            }
            _ => {}
        }
    }
    pieces.extend(source.get(start..).map(|it| it.trim().to_string()));
    pieces.retain(|it| !it.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_where_nothing_is_open() {
        let split = |source| top_level_pieces(source);
        assert_eq!(
            split(r#""a, b", "c\",d" ,[1,2], f(1, 2)"#),
            [r#""a, b""#, r#""c\",d""#, "[1,2]", "f(1, 2)"]
        );
        assert_eq!(split(" \n "), [""; 0]);
        assert_eq!(split("-"), ["-"]);
    }
}
