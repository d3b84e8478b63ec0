//! The walls that a compiler builds.

use std::fs;

use super::site::{Site, Target};
use super::wasm_scan::{Float, scan};
use crate::tidy::root;

/// Checks that the engine compiles where only `core` and `alloc` exist.
///
/// The error is what the compiler printed.
pub fn core_and_alloc(site: &Site) -> Result<(), String> {
    site.build_wasm("dacapo-engine", Target::Bare, ".rlib").map(drop)
}

/// Checks that no function of the engine computes with floats or converts one.
///
/// The error names the operations.
pub fn floats(site: &Site) -> Result<(), String> {
    let library = site.build_wasm("dacapo-engine", Target::Bare, ".rlib")?;
    let found = scan(&library).map_err(|error| error.to_string())?;
    if found.functions == 0 {
        return Err("expected functions in the library, found none".into());
    }
    none("no operation on floats in the engine", &shown(&found.floats))
}

/// Checks that the Wasm of the probe imports nothing, exports what is listed and does no arithmetic
/// with floats.
///
/// The error says what was found.
pub fn probe(site: &Site) -> Result<(), String> {
    let found = scan(&probe_bytes(site)?).map_err(|error| error.to_string())?;
    none("no import", &found.imports)?;
    let mut exports = found.exports;
    exports.sort_unstable();
    if exports != EXPORTS {
        return Err(format!("expected the exports {EXPORTS:?}, found {exports:?}"));
    }
    let arithmetic: Vec<_> = found.floats.into_iter().filter(|it| it.is_arithmetic).collect();
    none("no arithmetic with floats", &shown(&arithmetic))
}

/// Builds the probe.
///
/// The error is what the compiler printed.
pub fn probe_bytes(site: &Site) -> Result<Vec<u8>, String> {
    site.build_wasm("dacapo-bare", Target::Std, ".wasm")
}

/// Checks that no lint fires in the library of a crate of the core, `unsafe_code` among them.
///
/// The error is what clippy printed.
pub fn lints(site: &Site, package: &str) -> Result<(), String> {
    let list = root().join("tests/tidy/core-lints.txt");
    let list = fs::read_to_string(list).map_err(|error| error.to_string())?;
    let names = list.lines().filter_map(|it| it.split('#').next()).map(str::trim);
    let mut args = vec!["clippy", "--lib", "--no-deps", "--package", package, "--"];
    args.extend(["-D", "warnings"]);
    args.extend(names.filter(|it| !it.is_empty()).flat_map(|it| ["-D", it]));
    site.cargo(&args).map(drop)
}

fn shown(floats: &[Float]) -> Vec<String> {
    floats.iter().map(|it| format!("{} in {}", it.operation, it.function)).collect()
}

fn none(expected: &str, found: &[String]) -> Result<(), String> {
    if found.is_empty() {
        return Ok(());
    }
    Err(format!("expected {expected}, found {}:\n{}", found.len(), found.join("\n")))
}

/// What the probe offers; the memory and its bounds are the linker's.
const EXPORTS: [&str; 5] = ["__data_end", "__heap_base", "alloc", "memory", "replay"];
