//! The steps that cargo does.

use std::fs;
use std::time::Duration;

use crate::step::Stop;
use crate::work::{Work, answer, cargo};

/// Checks the format of every Rust file.
pub fn format(work: &mut Work) -> Result<(), Stop> {
    Ok(work.run(&mut work.cargo(&["fmt", "--all", "--check"]), MINUTE * 2)?)
}

/// Lints the workspace, and the core with the lints that only hold there.
pub fn lint(work: &mut Work) -> Result<(), Stop> {
    let everything = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    work.run(&mut work.cargo(&everything), MINUTE * 30)?;
    let lints = core_lints(work)?;
    let mut core =
        work.cargo(&["clippy", "--lib", "-p", "dacapo-engine", "-p", "dacapo-log", "--"]);
    core.args(["-D", "warnings"]);
    for lint in &lints {
        core.args(["-D", lint]);
    }
    Ok(work.run(&mut core, MINUTE * 30)?)
}

/// Builds the documentation.
pub fn document(work: &mut Work) -> Result<(), Stop> {
    let mut command = work.cargo(&["doc", "--workspace", "--no-deps"]);
    Ok(work.run(command.env("RUSTDOCFLAGS", "-D warnings"), MINUTE * 30)?)
}

/// Runs cargo-deny where it is installed.
pub fn deny(work: &mut Work) -> Result<(), Stop> {
    if answer(&cargo().to_string_lossy(), &["deny", "--version"]).is_none() {
        let why = "cargo-deny is not installed; the tree of the core is checked in walls";
        return Err(Stop::NotRun(why.into()));
    }
    let checks = ["deny", "--offline", "check", "bans", "licenses", "sources"];
    Ok(work.run(&mut work.cargo(&checks), MINUTE * 5)?)
}

/// Builds every target of the workspace, as the lock file has it.
pub fn build(work: &mut Work) -> Result<(), Stop> {
    Ok(work.run(&mut work.cargo(&["build", "--workspace", "--locked"]), MINUTE * 40)?)
}

/// Runs the tests of the workspace.
pub fn test(work: &mut Work) -> Result<(), Stop> {
    let mut command = work.cargo(&["test", "--workspace", "--no-fail-fast"]);
    Ok(work.run(command.env("DACAPO_BIN", binary(work)), MINUTE * 60)?)
}

/// Runs the tests of the walls around the core; they build Wasm, so plain `cargo test` leaves
/// them out.
pub fn walls(work: &mut Work) -> Result<(), Stop> {
    let mut command = work.cargo(&["test", "--workspace", "--test", "walls", "--", "--ignored"]);
    Ok(work.run(command.env("DACAPO_WASM_TOOLCHAIN", work.toolchain.name()), MINUTE * 30)?)
}

/// Runs the folder of the DMN TCK that `DACAPO_TCK` names.
pub fn tck(work: &mut Work) -> Result<(), Stop> {
    let Some(folder) = std::env::var_os("DACAPO_TCK").filter(|it| !it.is_empty()) else {
        return Err(Stop::NotRun("DMN TCK: not run, DACAPO_TCK names no folder".into()));
    };
    let mut command = work.cargo(&TCK);
    Ok(work.run(command.arg(folder), MINUTE * 30)?)
}

/// Returns the server that [`build`] built.
pub fn binary(work: &Work) -> std::path::PathBuf {
    built(work, "dacapo")
}

/// Returns a program that [`build`] built.
pub fn built(work: &Work, name: &str) -> std::path::PathBuf {
    work.target().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

fn core_lints(work: &Work) -> Result<Vec<String>, String> {
    let path = work.root.join("tests/tidy/core-lints.txt");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let names = text.lines().filter_map(|line| line.split('#').next());
    Ok(names.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect())
}

/// How the program starts that runs a folder of the DMN TCK.
pub const TCK: [&str; 6] = ["run", "--package", "dacapo-tests", "--bin", "tck", "--"];
const MINUTE: Duration = Duration::from_mins(1);
