//! What the core is made of: its dependencies with their features, checked in.

use super::site::Site;

/// Returns the dependencies of the core, one a line: name, version, features.
///
/// The error is what cargo printed.
pub fn tree(site: &Site) -> Result<String, String> {
    let mut text = String::new();
    for package in ["dacapo-engine", "dacapo-log"] {
        let mut lines = listed(site, package)?;
        lines.sort_unstable();
        lines.dedup();
        text += &format!("[{package}]\n{}\n\n", lines.join("\n"));
    }
    Ok(text)
}

/// Compares with the committed tree and says what came and what went.
///
/// The error is what cargo printed, or the difference.
pub fn tree_difference(site: &Site, committed: &str) -> Result<(), String> {
    let now = tree(site)?;
    let (old, new) = (lines(committed), lines(&now));
    if old == new {
        return Ok(());
    }
    let came = new.iter().filter(|it| !old.contains(it)).map(|it| format!("+ {it}"));
    let went = old.iter().filter(|it| !new.contains(it)).map(|it| format!("- {it}"));
    let difference = came.chain(went).collect::<Vec<_>>().join("\n");
    Err(format!("expected the tree of {COMMITTED_TREE}, found:\n{difference}"))
}

/// Returns the lines with the crate they stand under.
fn lines(text: &str) -> Vec<String> {
    let mut crate_name = "";
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#')) {
        match line.starts_with('[') {
            true => crate_name = line,
            false => lines.push(format!("{crate_name} {line}")),
        }
    }
    lines
}

fn listed(site: &Site, package: &str) -> Result<Vec<String>, String> {
    let output = site.tree(&[
        "tree",
        "--package",
        package,
        "--edges=normal,build",
        "--target=all",
        "--prefix=none",
        "--format={p}|{f}",
    ])?;
    // Crates of this repository and the marks of repetition are of no interest.
    let clean = |line: &str| {
        let (package, features) = line.split_once('|').filter(|it| !it.0.starts_with("dacapo"))?;
        let features = features.trim_end_matches("(*)").trim();
        Some(format!("{} {features}", package.split(" (").next()?).trim().to_owned())
    };
    Ok(output.lines().filter_map(clean).collect())
}

/// Where the tree is committed.
pub const COMMITTED_TREE: &str = "tests/tidy/core-tree.txt";
