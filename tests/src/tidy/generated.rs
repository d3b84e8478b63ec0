//! What a build makes is not committed.

use super::{Problem, Repository, problem};

/// Checks the paths of all files.
pub fn generated_files(repository: &Repository) -> Vec<Problem> {
    let is_made = |path: &str| {
        path.split('/').any(|it| FOLDERS.contains(&it))
            || ENDINGS.iter().any(|it| path.ends_with(it))
    };
    let found = repository.files().filter(|(path, _)| is_made(path));
    found
        .map(|(path, _)| problem(path, 0, "expected no generated file in git, found this"))
        .collect()
}

const FOLDERS: [&str; 6] = ["target", "node_modules", "dist", "__pycache__", ".venv", ".dacapo"];
const ENDINGS: [&str; 6] = [".wasm", ".pyc", ".rlib", ".db", ".sqlite", ".orig"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_file_is_found() {
        let count = |path| generated_files(&Repository::of(&[(path, "")])).len();
        assert_eq!(count("js/packages/dacapo/dist/nodejs/dacapo_wasm.js"), 1);
        assert_eq!(count("tests/golden/probe.wasm"), 1);
        assert_eq!(count("tests/golden/first.log"), 0);
    }
}
