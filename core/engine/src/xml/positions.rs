//! Line and column of a byte, without reading the text from its beginning each time.

use alloc::vec::Vec;

use super::Location;

/// Finds line and column in one text.
pub(crate) struct Positions<'a> {
    text: &'a str,
    /// Byte and location of about every [`STRIDE`]th byte, ascending.
    marks: Vec<(usize, Location)>,
}

impl<'a> Positions<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut location = Location::START;
        for (byte, character) in text.char_indices() {
            if byte >= marks.len().saturating_mul(STRIDE) {
                marks.push((byte, location));
            }
            advance(&mut location, character);
        }
        Self { text, marks }
    }

    /// Returns where a byte stands; bytes beyond the end stand at the end.
    pub(crate) fn locate(&self, byte: usize) -> Location {
        let after = self.marks.partition_point(|(start, _)| *start <= byte);
        let nearest = after.checked_sub(1).and_then(|at| self.marks.get(at));
        let (start, mut location) = nearest.copied().unwrap_or((0, Location::START));
        for (at, character) in self.text.get(start..).unwrap_or_default().char_indices() {
            if start + at >= byte {
                break;
            }
            advance(&mut location, character);
        }
        location
    }
}

fn advance(location: &mut Location, character: char) {
    if character == '\n' {
        *location = Location { line: location.line.saturating_add(1), column: 1 };
    } else {
        location.column = location.column.saturating_add(1);
    }
}

const STRIDE: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_counting_from_the_beginning() {
        let text = "é\nab\r\n".repeat(1000) + &"x".repeat(5000) + "\n";
        let positions = Positions::new(&text);
        let mut expected = Location { line: 1, column: 1 };
        for (byte, character) in text.char_indices() {
            assert_eq!(positions.locate(byte), expected, "byte {byte}");
            advance(&mut expected, character);
        }
        assert_eq!(positions.locate(text.len()), expected);
        assert_eq!(positions.locate(usize::MAX), expected);
        assert_eq!(Positions::new("").locate(7), Location { line: 1, column: 1 });
    }
}
