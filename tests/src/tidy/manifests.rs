//! What the manifests of the core may say.

use super::{Problem, Repository, problem};

/// Checks that the crates of the core keep the lints of the workspace (`unsafe_code = "forbid"`
/// among them), have no features and no build script.
pub fn core_manifests(repository: &Repository) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in repository.below("core/", "/Cargo.toml") {
        if !has_lines(text, "[lints]", "workspace = true") {
            problems.push(problem(path, 0, "expected the lints of the workspace, found none"));
        }
        for banned in ["[features]", "build = ", "[build-dependencies]"] {
            if let Some(line) = text.lines().position(|it| it.trim().starts_with(banned)) {
                problems.push(problem(
                    path,
                    line + 1,
                    format!("expected a plain crate, found `{banned}`"),
                ));
            }
        }
        let script = path.replace("Cargo.toml", "build.rs");
        if repository.text(&script).is_some() {
            problems.push(problem(&script, 0, "expected a plain crate, found a build script"));
        }
    }
    if let Some(text) = repository.text("Cargo.toml")
        && !has_lines(text, "[workspace.lints.rust]", "unsafe_code = \"forbid\"")
    {
        problems.push(problem(
            "Cargo.toml",
            0,
            "expected `unsafe_code = \"forbid\"`, found no such lint",
        ));
    }
    problems
}

fn has_lines(text: &str, table: &str, wanted: &str) -> bool {
    let after = text.lines().skip_while(|it| it.trim() != table).skip(1);
    after.take_while(|it| !it.starts_with('[')).any(|it| it.trim() == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_that_weakens_the_core_is_found() {
        let count = |path: &str, text: &str| core_manifests(&Repository::of(&[(path, text)])).len();
        let fine = "[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n";
        assert_eq!(count("core/log/Cargo.toml", fine), 0);
        assert_eq!(count("core/log/Cargo.toml", "[package]\nname = \"a\"\n"), 1);
        assert_eq!(count("core/log/Cargo.toml", &format!("{fine}[features]\n")), 1);
        assert_eq!(count("Cargo.toml", "[workspace.lints.rust]\nunsafe_code = \"deny\"\n"), 1);
        assert_eq!(count("Cargo.toml", "[workspace.lints.rust]\nunsafe_code = \"forbid\"\n"), 0);
    }
}
