//! The JavaScript around the Wasm, made by wasm-bindgen as a library.

use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::work::write;

/// Where the JavaScript runs.
#[derive(Clone, Copy)]
pub enum Platform {
    /// Node: loads the Wasm from its file, at once.
    Node,
    /// Browsers: loads the Wasm from a URL.
    Web,
}

impl Platform {
    /// Returns the name of its folder.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Node => "nodejs",
            Self::Web => "web",
        }
    }
}

/// Generates the bindings of a module into a folder; returns the Wasm file there.
pub fn generate(module: &Path, platform: Platform, folder: &Path) -> Result<PathBuf, String> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).typescript(true).remove_producers_section(true);
    let chosen = match platform {
        Platform::Node => bindgen.nodejs(true),
        Platform::Web => bindgen.web(true),
    };
    chosen
        .and_then(|it| it.generate(folder))
        .map_err(|error| format!("no bindings for {}: {error:#}", module.display()))?;
    if matches!(platform, Platform::Node) {
        // Around it everything is an ES module.
        write(&folder.join("package.json"), b"{ \"type\": \"commonjs\" }\n")?;
    }
    Ok(folder.join("dacapo_wasm_bg.wasm"))
}
