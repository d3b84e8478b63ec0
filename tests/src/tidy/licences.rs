//! Every dependency has a licence that the project may ship with.

use std::process::Command;

use serde_json::Value;

use super::repository::root;

/// Returns the packages whose licence `deny.toml` does not allow.
///
/// # Errors
///
/// What cargo says if it does not list the packages.
pub fn licences(allowed_in: &str) -> Result<Vec<String>, String> {
    let allowed = allowed(allowed_in);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root()).args(["metadata", "--format-version", "1", "--locked"]);
    let output = command.output().map_err(|error| format!("cargo does not start: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let metadata: Value =
        serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |package: &Value, name: &str| package[name].as_str().unwrap_or_default().to_owned();
    let named = packages.iter().map(|it| (text(it, "name"), text(it, "license")));
    let refused = named.filter(|(_, licence)| !is_allowed(licence, &allowed));
    Ok(refused.map(|(name, licence)| format!("{name}: `{licence}`")).collect())
}

/// Reads the list `allow` of the table `[licenses]`.
fn allowed(text: &str) -> Vec<String> {
    let table = text.lines().skip_while(|it| it.trim() != "[licenses]").skip(1);
    let list =
        table.take_while(|it| !it.starts_with('[')).skip_while(|it| !it.starts_with("allow"));
    let names = list.skip(1).take_while(|it| it.trim() != "]");
    names.map(|it| it.trim().trim_matches([',', '"']).to_owned()).collect()
}

/// Tells whether an SPDX expression can be fulfilled: one side of OR, both sides of AND.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let expression = expression.trim().replace('/', " OR ");
    let inner = expression.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    match inner {
        Some(inner) if !inner.contains(['(', ')']) => is_allowed(inner, allowed),
        _ => match (split(&expression, " AND "), split(&expression, " OR ")) {
            (_, Some(sides)) => sides.iter().any(|it| is_allowed(it, allowed)),
            (Some(sides), None) => sides.iter().all(|it| is_allowed(it, allowed)),
            (None, None) => allowed.contains(&expression),
        },
    }
}

/// Splits at a word that stands outside parentheses, if there is one.
fn split(expression: &str, word: &str) -> Option<[String; 2]> {
    let is_outside = |at: usize| {
        let before = expression.get(..at).unwrap_or_default();
        before.matches('(').count() == before.matches(')').count()
    };
    let (at, _) = expression.match_indices(word).find(|(at, _)| is_outside(*at))?;
    let (left, right) = expression.split_at_checked(at)?;
    Some([left.to_owned(), right.get(word.len()..)?.to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_that_is_not_allowed_is_found() {
        let allowed = allowed(
            "[licenses]\n# why\nallow = [\n    \"MIT\",\n    \"BSD-3-Clause\",\n]\n[bans]\n",
        );
        assert_eq!(allowed, ["MIT", "BSD-3-Clause"]);
        let is_fine = |it| is_allowed(it, &allowed);
        assert!(is_fine("MIT") && is_fine("GPL-3.0 OR MIT") && is_fine("MIT/Apache-2.0"));
        assert!(is_fine("(MIT OR GPL-3.0) AND BSD-3-Clause"));
        assert!(!is_fine("GPL-3.0") && !is_fine("MIT AND GPL-3.0") && !is_fine(""));
        assert!(!is_fine("(GPL-2.0 OR GPL-3.0) AND MIT"));
    }
}
