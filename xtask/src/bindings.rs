//! The JavaScript around the Wasm, made by wasm-bindgen as a library.

use std::fs;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::work::write;

/// Generates the bindings of a module into a folder; returns the Wasm file there.
pub fn generate(module: &Path, folder: &Path) -> Result<PathBuf, String> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(NAME).typescript(true).remove_producers_section(true);
    bindgen.remove_name_section(true).omit_default_module_path(true);
    bindgen
        .web(true)
        .and_then(|it| it.generate(folder))
        .map_err(|error| format!("no bindings for {}: {error:#}", module.display()))?;
    guard(&folder.join(format!("{NAME}.js")))?;
    declare(&folder.join(format!("{NAME}.d.ts")))?;
    Ok(folder.join(format!("{NAME}_bg.wasm")))
}

/// Lets the bindings say what is missing when they are used before the Wasm is there.
fn guard(path: &Path) -> Result<(), String> {
    let mut text = read(path)?;
    for (found, times, wanted) in GUARDS {
        if text.matches(found).count() != times {
            return Err(format!("expected {times} times `{found}` in {}", path.display()));
        }
        text = text.replace(found, wanted);
    }
    write(path, format!("import {{ unloaded }} from \"./unloaded.js\";\n{text}").as_bytes())
}

/// Keeps the declarations of the core, without those of how it is loaded: the doors have their own.
fn declare(path: &Path) -> Result<(), String> {
    let text = read(path)?;
    let Some((core, _)) = text.split_once(LOADING) else {
        return Err(format!("expected `{LOADING}` in {}", path.display()));
    };
    let text = format!("/// <reference lib=\"esnext.disposable\" />\n{}\n", core.trim_end());
    write(path, text.as_bytes())?;
    write(&path.with_extension("cts"), text.as_bytes())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// What the files are called.
pub const NAME: &str = "dacapo";

const GUARDS: [(&str, usize, &str); 2] = [
    ("let wasmModule, wasmInstance, wasm;", 1, "let wasmModule, wasmInstance, wasm = unloaded;"),
    ("if (wasm !== undefined) return wasm;", 2, "if (wasm !== unloaded) return wasm;"),
];
const LOADING: &str = "export type InitInput";
