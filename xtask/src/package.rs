//! The npm package around the bindings: its doors, their declarations, and the doors of CommonJS.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::bindings::NAME;
use crate::work::{Work, write};

/// Puts the package together in the folder of the bindings.
pub fn assemble(work: &mut Work, dist: &Path) -> Result<(), String> {
    let sources = work.root.join(SOURCES);
    for file in files(&sources)? {
        copy(&sources.join(&file), &dist.join(&file))?;
    }
    inline(work, dist)?;
    for (door, declarations) in DOORS {
        let text = fs::read_to_string(sources.join(declarations)).map_err(|it| it.to_string())?;
        write(&dist.join(format!("{door}.d.ts")), text.as_bytes())?;
        let common = text.replace("./dacapo.js", "./dacapo.cjs");
        write(&dist.join(format!("{door}.d.cts")), common.as_bytes())?;
        common_js(work, dist, door)?;
    }
    let declared = dist.join(format!("{NAME}.d.ts"));
    copy(&declared, &dist.join(format!("{NAME}.d.cts")))?;
    // Files that only helped to make others.
    for file in ["door.d.ts", "dacapo_bg.wasm.d.ts", "dacapo.cts"] {
        let path = dist.join(file);
        if path.exists() {
            fs::remove_file(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    Ok(())
}

/// Writes the Wasm as text, for the door that has it inside.
fn inline(work: &mut Work, dist: &Path) -> Result<(), String> {
    let wasm = dist.join(format!("{NAME}_bg.wasm"));
    let text = dist.join(format!("{NAME}_bg.wasm.base64.js"));
    let mut command = work.command("node");
    command.arg("--eval").arg(BASE64).arg(&wasm).arg(&text);
    work.run(&mut command, MINUTE)
}

/// Bundles a door for `require`. The Wasm stays a file beside it.
fn common_js(work: &mut Work, dist: &Path, door: &str) -> Result<(), String> {
    let mut command = work.command("node");
    command.arg(work.root.join("js/node_modules/esbuild/bin/esbuild"));
    command.arg(dist.join(format!("{door}.js")));
    command.args(["--bundle", "--format=cjs", "--platform=node", "--target=node20"]);
    command.args(["--log-level=warning", "--define:import.meta.url=dacapoUrl"]);
    command.arg(format!("--banner:js={URL}"));
    command.arg(format!("--outfile={}", dist.join(format!("{door}.cjs")).display()));
    work.run(&mut command, MINUTE)
}

fn files(folder: &Path) -> Result<Vec<String>, String> {
    let found = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names: Vec<_> =
        found.flatten().map(|it| it.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|it| it.ends_with(".js"));
    names.sort_unstable();
    Ok(names)
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to).map(drop).map_err(|error| format!("{}: {error}", from.display()))
}

/// Where the doors are written by hand.
const SOURCES: &str = "js/packages/dacapo/src";
/// Each door and the file of its declarations.
const DOORS: [(&str, &str); 3] =
    [("node", "door.d.ts"), ("inline", "door.d.ts"), ("slim", "slim.d.ts")];
const URL: &str = "const dacapoUrl = require(\"node:url\").pathToFileURL(__filename).href;";
const BASE64: &str = "const fs = require('node:fs'); const [, from, to] = process.argv; \
    fs.writeFileSync(to, 'export default \"' + fs.readFileSync(from).toString('base64') + '\";\\n')";
const MINUTE: Duration = Duration::from_mins(1);
