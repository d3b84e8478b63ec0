//! The page in the server: its build, and its tests in a browser.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::components::Component;
use crate::install::{self, Policy};
use crate::step::Stop;
use crate::toolchain::Wanted;
use crate::work::Work;
use crate::{javascript, rust, wasm};

/// Checks the types of the page, builds and weighs it. The server that is built after it carries it.
pub fn build(work: &mut Work) -> Result<(), Stop> {
    if !work.root.join(wasm::DIST).join(WASM).exists() {
        return Err(Stop::NotRun("there is no Wasm: cargo xtask wasm".into()));
    }
    javascript::install(work, "js")?;
    let mut check = tool(work, "typescript/bin/tsc");
    work.run(check.arg("--noEmit"), BUILD_MAX)?;
    Ok(bundle(work)?)
}

/// Tests the page in a browser, against the server and as a static page.
pub fn test(work: &mut Work) -> Result<(), Stop> {
    rust::build(work)?;
    let mut command = work.command("node");
    let shots = work.target().join("studio");
    let tests = javascript::tests_in(&work.root.join(FOLDER).join("test"))?;
    command.args(["--test", "--test-concurrency=1"]).args(tests);
    command.env("DACAPO_BIN", rust::binary(work)).env("DACAPO_SHOTS", &shots);
    work.run(&mut command, TEST_MAX)?;
    work.note(&format!("screenshots in {}", shots.display()));
    Ok(())
}

/// Builds the page unless it stands as it would be built. Where something is missing for that it says so and goes on: the server
/// works without its page.
pub fn ready(root: &Path) -> Result<(), String> {
    let policy = Policy { install: false, ask: false, wanted: Wanted::Auto };
    let toolchain = match install::ready(&[Component::WasmTargets, Component::Node], &policy) {
        Ok(toolchain) => toolchain,
        Err(missing) => {
            eprintln!("the page is left out: {missing}");
            return Ok(());
        }
    };
    let mut work = Work::new(root.to_path_buf(), toolchain, true)?;
    let built = written(&work.root.join(FOLDER).join("dist/index.html"));
    let wasm = work.root.join(wasm::DIST).join(WASM);
    if newest(&[work.root.join("core"), work.root.join("host-wasm/src")]) > written(&wasm) {
        wasm::build(&mut work)?;
    }
    let page = ["src", "public", "build", "index.html", "vite.config.ts", "package.json"];
    let mut inputs: Vec<_> = page.iter().map(|it| work.root.join(FOLDER).join(it)).collect();
    inputs.push(wasm);
    if newest(&inputs) > built {
        javascript::install(&mut work, "js")?;
        bundle(&mut work)?;
    }
    Ok(())
}

fn bundle(work: &mut Work) -> Result<(), String> {
    let mut vite = tool(work, "vite/bin/vite.js");
    work.run(vite.args(["build", "--logLevel", "warn"]), BUILD_MAX)?;
    let mut compress = work.command("node");
    compress.arg(work.root.join(FOLDER).join("build/compress.mjs"));
    work.run(&mut compress, BUILD_MAX)
}

/// Returns a program of the npm workspace, to be run for the page.
fn tool(work: &Work, path: &str) -> std::process::Command {
    let mut command = work.command("node");
    command.current_dir(work.root.join(FOLDER));
    command.arg(work.root.join("js/node_modules").join(path));
    command
}

/// Returns when the newest of these files, or of the files below these folders, was written.
fn newest(paths: &[PathBuf]) -> Option<SystemTime> {
    paths
        .iter()
        .filter_map(|path| {
            let inner = fs::read_dir(path).map(|it| it.flatten().map(|it| it.path()).collect());
            inner.map_or_else(|_| written(path), |inner: Vec<_>| newest(&inner))
        })
        .max()
}

fn written(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|it| it.modified()).ok()
}

const FOLDER: &str = "js/packages/studio";
const WASM: &str = "dacapo_bg.wasm";
const BUILD_MAX: Duration = Duration::from_mins(5);
const TEST_MAX: Duration = Duration::from_mins(15);
