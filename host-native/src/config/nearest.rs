//! Finds what somebody who made a typing mistake meant.

/// Returns the candidate that looks most like `word`, if one looks like it at all.
pub fn nearest(word: &str, candidates: &[&'static str]) -> Option<&'static str> {
    let word = word.to_lowercase().replace('_', "-");
    let limit = (word.chars().count() / 3).max(2);
    let scored = candidates.iter().map(|it| (distance(&word, it), *it));
    scored.min().filter(|(distance, _)| *distance <= limit).map(|(_, it)| it)
}

/// Counts the letters to insert, delete or replace (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_word_that_was_meant() {
        assert_eq!(nearest("data_dir", &["http", "data-dir"]), Some("data-dir"));
        assert_eq!(nearest("htpp", &["http", "data-dir"]), Some("http"));
        assert_eq!(nearest("colour", &["http", "data-dir"]), None);
    }
}
