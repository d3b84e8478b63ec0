//! Many rows in one statement. Every statement is a message to the thread of its connection and back, and its text is
//! prepared once: rows go in portions of few sizes.

/// The sizes of portions, the greatest first; the last is one, so that every count is a sum of them.
pub(super) const SIZES: [usize; 5] = [256, 64, 16, 4, 1];

/// Returns what `text` makes for every size: the texts of [`portions`].
pub(super) fn texts(text: impl Fn(usize) -> String) -> [String; SIZES.len()] {
    SIZES.map(text)
}

/// Cuts rows into portions, each with the index of its size.
pub(super) fn portions<T>(mut rows: &[T]) -> impl Iterator<Item = (usize, &[T])> {
    std::iter::from_fn(move || {
        let (index, &size) = SIZES.iter().enumerate().find(|(_, size)| **size <= rows.len())?;
        let (portion, rest) = rows.split_at(size);
        rows = rest;
        Some((index, portion))
    })
}

/// Returns `(?, ?), (?, ?)`. The parameters have no numbers: sqlx asks for the name of each, and SQLite looks a number up in
/// a list, which is quadratic in all.
pub(super) fn tuples(rows: usize, columns: usize) -> String {
    let tuple = format!("({})", vec!["?"; columns].join(", "));
    vec![tuple; rows].join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_one_portion() {
        for count in 0..200 {
            let rows: Vec<usize> = (0..count).collect();
            let cut: Vec<_> = portions(&rows).collect();
            assert!(cut.iter().all(|(index, portion)| SIZES[*index] == portion.len()));
            assert_eq!(cut.into_iter().flat_map(|it| it.1).copied().collect::<Vec<_>>(), rows);
        }
        assert_eq!(tuples(2, 3), "(?, ?, ?), (?, ?, ?)");
    }
}
