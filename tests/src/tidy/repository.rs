//! The files of the project, as git lists them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The files of the project: paths from its root with `/`, and texts (empty for a binary file).
#[derive(Default)]
pub struct Repository {
    files: BTreeMap<String, String>,
}

impl Repository {
    /// Reads what git tracks and what it would track (new files that it does not ignore).
    ///
    /// # Errors
    ///
    /// What git says if it does not list the files.
    pub fn open() -> Result<Self, String> {
        let root = root();
        let listed = git(&["ls-files", "-z", "--cached", "--others", "--exclude-standard"])?;
        let paths = listed.split('\0').filter(|it| !it.is_empty());
        // A file that is tracked and deleted is not there to be checked.
        let read = |path: &str| {
            let bytes = fs::read(root.join(path)).ok()?;
            Some((path.to_owned(), String::from_utf8(bytes).unwrap_or_default()))
        };
        Ok(Self { files: paths.filter_map(read).collect() })
    }

    /// Makes one of these files, for a test that plants a problem.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let owned = |&(path, text): &(&str, &str)| (path.to_owned(), text.to_owned());
        Self { files: files.iter().map(owned).collect() }
    }

    /// Lists the files: path and text, ordered by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Lists the files below a folder (`core/`) that end in an extension (`.rs`).
    pub fn below(&self, folder: &str, extension: &str) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter(move |(path, _)| path.starts_with(folder) && path.ends_with(extension))
    }

    /// Returns the text of a file, if it is there.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Tells whether a file or a folder of this path is there.
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.files.contains_key(path)
            || self.files.range(folder.clone()..).next().is_some_and(|it| it.0.starts_with(&folder))
    }
}

/// Returns the root of the repository.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_path_buf()
}

/// Runs git in the repository and returns what it prints.
///
/// # Errors
///
/// What git says.
pub fn git(args: &[&str]) -> Result<String, String> {
    let output = Command::new("git").current_dir(root()).args(args).output();
    let output = output.map_err(|error| format!("git does not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("git {}: {}", args.join(" "), String::from_utf8_lossy(&output.stderr)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
