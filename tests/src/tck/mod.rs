//! Runs folders in the format of the DMN Technology Compatibility Kit.

pub mod cases;
pub mod known;
pub mod run;
pub mod values;

use std::fmt::Write as _;
use std::path::Path;

use known::Known;
use run::Verdict;

/// What a run found.
#[derive(Debug, Default)]
pub struct Score {
    /// Every case with its name, in the order of the folders.
    pub cases: Vec<(String, Verdict)>,
}

/// Runs every test file below a folder.
///
/// # Errors
///
/// The folder cannot be read, or no test file is in it.
pub fn run_folder(folder: &Path) -> Result<Score, String> {
    let mut score = Score::default();
    for file in cases::test_files(folder)? {
        run::run_file(folder, &file, &mut score)?;
    }
    if score.cases.is_empty() {
        return Err(format!("{}: expected test cases, found none", folder.display()));
    }
    Ok(score)
}

impl Score {
    /// Shows passed and all cases of each folder, of the folders above, and in total.
    pub fn table(&self) -> String {
        let mut rows: Vec<(&str, [usize; 2])> = Vec::new();
        for (name, verdict) in &self.cases {
            let folder = name.rsplitn(3, '/').nth(2).unwrap_or_default();
            if rows.last().is_none_or(|(last, _)| *last != folder) {
                rows.push((folder, [0; 2]));
            }
            let counts = &mut rows.last_mut().expect("a row was added").1;
            counts[0] += usize::from(verdict.is_passed());
            counts[1] += 1;
        }
        let mut text = String::new();
        for (folder, counts) in &rows {
            let _ = writeln!(text, "{}", row(folder, *counts));
        }
        let mut levels: Vec<&str> =
            rows.iter().filter_map(|(it, _)| Some(it.rsplit_once('/')?.0)).collect();
        levels.dedup();
        text.push('\n');
        for level in levels {
            let below = rows
                .iter()
                .filter(|(it, _)| it.strip_prefix(level).is_some_and(|rest| rest.starts_with('/')));
            let _ = writeln!(text, "{}", row(level, sum(below)));
        }
        let green = rows.iter().filter(|(_, [passed, all])| passed == all).count();
        let _ = writeln!(text, "{}", row("in total", sum(rows.iter())));
        let _ = writeln!(text, "{:<64} {green:>5} of {:<5}", "folders that pass", rows.len());
        text
    }

    /// Compares with the list of known failures; returns what is not as the list has it.
    pub fn differences(&self, known: &Known) -> Vec<String> {
        let mut differences = Vec::new();
        for (name, verdict) in &self.cases {
            match (verdict, known.contains(name)) {
                (Verdict::Failed(why), false) => {
                    differences.push(format!("{name}: expected to pass: {why}"));
                }
                (Verdict::Passed, true) => {
                    differences.push(format!("{name}: passes, take it off the list"));
                }
                _ => {}
            }
        }
        differences
    }
}

fn sum<'a>(rows: impl Iterator<Item = &'a (&'a str, [usize; 2])>) -> [usize; 2] {
    rows.fold([0; 2], |[passed, all], (_, it)| [passed + it[0], all + it[1]])
}

fn row(name: &str, [passed, all]: [usize; 2]) -> String {
    let per_mille = (passed * 1000).checked_div(all).unwrap_or_default();
    format!("{name:<64} {passed:>5} of {all:<5} {:>3}.{} %", per_mille / 10, per_mille % 10)
}
