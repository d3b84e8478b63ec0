//! The steps of the npm workspace in `js/`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::rust;
use crate::step::Stop;
use crate::wasm;
use crate::work::Work;

/// Builds the Wasm core and its bindings.
pub fn wasm(work: &mut Work) -> Result<(), Stop> {
    let sizes = wasm::build(work)?;
    work.note(&sizes.to_string());
    Ok(sizes.check()?)
}

/// Runs the tests of the npm package.
pub fn test(work: &mut Work) -> Result<(), Stop> {
    if !work.root.join(wasm::DIST).join("dacapo_bg.wasm").exists() {
        return Err(Stop::NotRun("there is no Wasm: cargo xtask wasm".into()));
    }
    rust::build(work)?;
    let tests = tests_in(&work.root.join(TESTS))?;
    let mut command = work.command("node");
    command.arg("--test").args(tests).env("DACAPO_BIN", rust::binary(work));
    command.env("DACAPO_EVALUATIONS", rust::built(work, "evaluations"));
    Ok(work.run(&mut command, Duration::from_mins(20))?)
}

/// Packs the npm package, and tests it as its users have it.
pub fn consume(work: &mut Work) -> Result<(), Stop> {
    if !work.root.join(wasm::DIST).join("dacapo_bg.wasm").exists() {
        return Err(Stop::NotRun("there is no Wasm: cargo xtask wasm".into()));
    }
    install(work, CONSUMERS)?;
    let tests = tests_in(&work.root.join(CONSUMERS).join("test"))?;
    let mut command = work.command("node");
    command.arg("--test").args(tests);
    Ok(work.run(&mut command, Duration::from_mins(20))?)
}

/// Installs what the lock file of a folder names, unless that has been done.
pub fn install(work: &mut Work, folder: &str) -> Result<(), String> {
    let folder = work.root.join(folder);
    let lock = folder.join("package-lock.json");
    let stamp = folder.join("node_modules/.xtask-lock");
    let wanted = fs::read(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    if fs::read(&stamp).is_ok_and(|it| it == wanted) {
        return Ok(());
    }
    let mut command = work.command("npm");
    // No package here needs its install script.
    command.current_dir(&folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    work.run(&mut command, Duration::from_mins(10))?;
    crate::work::write(&stamp, &wanted)
}

/// Lists the test files of a folder.
pub fn tests_in(folder: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    let files = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let paths = files.flatten().map(|it| it.path());
    let mut tests: Vec<_> =
        paths.filter(|it| it.to_string_lossy().ends_with(".test.mjs")).collect();
    tests.sort_unstable();
    if tests.is_empty() {
        return Err(format!("expected tests (*.test.mjs) in {}, found none", folder.display()));
    }
    Ok(tests)
}

const TESTS: &str = "js/packages/dacapo/test";
/// Bundlers and checkers; no part of the workspace, so that nothing of them gets into the page.
const CONSUMERS: &str = "js/consumers";
