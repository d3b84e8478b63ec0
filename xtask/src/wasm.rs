//! Builds the core for JavaScript: compile, bind, weigh. The compiler's own output is left as it is: `wasm-opt` makes the file
//! a tenth smaller, but what a browser loads, the file after brotli, larger, and nothing faster.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::bindings;
use crate::javascript;
use crate::package;
use crate::work::Work;

/// What a Wasm file weighs.
pub struct Sizes {
    /// In bytes.
    pub raw: u64,
    /// In bytes, compressed by brotli.
    pub brotli: u64,
}

impl Sizes {
    /// Checks that it does not weigh more than a page may load.
    pub fn check(&self) -> Result<(), String> {
        if self.brotli <= BROTLI_MAX {
            return Ok(());
        }
        Err(format!(
            "expected at most {BROTLI_MAX} bytes of Wasm after brotli, found {}",
            self.brotli
        ))
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "wasm: {} bytes, {} bytes after brotli", self.raw, self.brotli)
    }
}

/// Builds the npm package into [`DIST`]: the Wasm, its bindings, and the doors to them.
pub fn build(work: &mut Work) -> Result<Sizes, String> {
    javascript::install(work, "js")?;
    let module = compile(work)?;
    let dist = work.root.join(DIST);
    if dist.exists() {
        fs::remove_dir_all(&dist).map_err(|error| format!("{}: {error}", dist.display()))?;
    }
    let file = bindings::generate(&module, &dist)?;
    package::assemble(work, &dist)?;
    weigh(work, &file)
}

fn compile(work: &mut Work) -> Result<PathBuf, String> {
    let (mut command, folder) = work.toolchain.build(work);
    command.args(["--package", "dacapo-wasm", "--profile", "wasm"]);
    work.run(&mut command, COMPILE_MAX)?;
    Ok(folder.join("wasm/dacapo_wasm.wasm"))
}

fn weigh(work: &mut Work, file: &Path) -> Result<Sizes, String> {
    let raw = fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?.len();
    let mut command = work.command("node");
    let output = command.arg("--eval").arg(WEIGH).arg(file).output();
    let output = output.map_err(|error| format!("node does not start: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let brotli = text.trim().parse();
    let brotli =
        brotli.map_err(|_| format!("expected a size from node, found `{}`", text.trim()))?;
    Ok(Sizes { raw, brotli })
}

/// Where the npm package expects the Wasm; git ignores it.
pub const DIST: &str = "js/packages/dacapo/dist";

const WEIGH: &str = "console.log(require('node:zlib').brotliCompressSync(\
    require('node:fs').readFileSync(process.argv[1])).length)";
const BROTLI_MAX: u64 = 500_000;
const COMPILE_MAX: Duration = Duration::from_mins(30);
