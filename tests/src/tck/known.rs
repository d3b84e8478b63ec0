//! The committed list of cases that are known to fail; it may only shrink.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Score;

/// Names of cases.
#[derive(Debug, Default)]
pub struct Known {
    names: BTreeSet<String>,
}

impl Known {
    /// Reads a list; `#` begins a note.
    pub fn read(text: &str) -> Self {
        let lines = text.lines().map(str::trim);
        let names = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self { names: names.map(ToOwned::to_owned).collect() }
    }

    /// Reads the committed list.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn committed() -> Result<Self, String> {
        let path = path();
        let text = std::fs::read_to_string(&path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self::read(&text))
    }

    /// Tells whether a case is in the list.
    pub fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Returns the names that are not in another list.
    pub fn beyond(&self, other: &Self) -> Vec<String> {
        self.names.difference(&other.names).cloned().collect()
    }

    /// Returns the list without the cases that pass. With `all`, everything that fails is in it.
    pub fn after(&self, score: &Score, all: bool) -> String {
        let mut names = self.names.clone();
        for (name, verdict) in &score.cases {
            if verdict.is_passed() {
                names.remove(name);
            } else if all {
                names.insert(name.clone());
            }
        }
        let lines = names.iter().map(|it| format!("{it}\n")).collect::<String>();
        format!("{NOTE}\n{lines}")
    }
}

/// Returns where the list is.
pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tidy/tck_known_failures.txt")
}

const NOTE: &str = "# Cases of the DMN TCK that fail: folder, file, id. This list may only shrink: a case that passes is\n# taken off (`cargo xtask tck <folder> --update`) and must pass for ever.";

#[cfg(test)]
mod tests {
    use super::super::run::Verdict;
    use super::*;

    #[test]
    fn a_case_that_passes_leaves_and_a_new_failure_does_not_enter() {
        let known = Known::read("# note\na/1\nb/2\n");
        let cases = [("a/1", Verdict::Passed), ("c/3", Verdict::Failed("why".into()))];
        let cases = cases.map(|(name, verdict)| (name.to_string(), verdict)).to_vec();
        let score = Score { cases };
        let left = Known::read(&known.after(&score, false));
        assert_eq!(left.names, BTreeSet::from(["b/2".to_string()]));
        assert_eq!(left.beyond(&known), [""; 0]);
        assert_eq!(Known::read(&known.after(&score, true)).beyond(&known), ["c/3"]);
        assert_eq!(score.differences(&known).len(), 2);
    }
}
