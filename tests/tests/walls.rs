//! The walls around the core stand, and each falls to what it must keep out.
//!
//! They build Wasm, so a plain `cargo test` leaves them out: `cargo xtask test --only walls`.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use dacapo_tests::tidy::root;
use dacapo_tests::walls::{
    COMMITTED_TREE, Site, core_and_alloc, floats, lints, probe, probe_bytes, scan, tree,
    tree_difference,
};

const ENGINE: &str = "core/engine/src/lib.rs";
const LOG: &str = "core/log/src/lib.rs";
const PROBE: &str = "tests/bare/src/lib.rs";

#[test]
#[ignore = "builds Wasm"]
fn the_engine_needs_core_and_alloc_only() {
    core_and_alloc(&Site::real()).expect("the wall stands");
}

#[test]
#[ignore = "builds Wasm"]
fn a_clock_in_the_engine_does_not_compile() {
    let clock = "extern crate std;\n\
        /// Planted.\npub fn now() -> std::time::SystemTime { std::time::SystemTime::now() }\n";
    let report = core_and_alloc(&Site::copy("clock").plant(ENGINE, clock));
    assert!(
        report.as_ref().is_err_and(|it| it.contains("can't find crate for `std`")),
        "{report:?}"
    );
}

#[test]
#[ignore = "builds Wasm"]
fn the_engine_computes_without_floats() {
    floats(&Site::real()).expect("the wall stands");
}

#[test]
#[ignore = "builds Wasm"]
fn a_float_in_the_engine_is_found() {
    let float = "/// Planted.\npub fn scaled(it: f64) -> f64 { it * 2.5 }\n";
    let report = floats(&Site::copy("float").plant(ENGINE, float));
    assert!(report.as_ref().is_err_and(|it| it.contains("F64Mul")), "{report:?}");
}

#[test]
#[ignore = "builds Wasm"]
fn the_probe_imports_nothing() {
    probe(&Site::real()).expect("the wall stands");
}

#[test]
#[ignore = "builds Wasm"]
fn an_import_of_the_probe_is_found() {
    let import = "#[link(wasm_import_module = \"host\")]\nunsafe extern \"C\" { fn clock() -> u64; }\n\
        /// Planted.\n#[unsafe(no_mangle)]\npub extern \"C\" fn now() -> u64 { unsafe { clock() } }\n";
    let report = probe(&Site::copy("import").plant(PROBE, import));
    assert!(report.as_ref().is_err_and(|it| it.contains("host.clock")), "{report:?}");
}

#[test]
#[ignore = "builds Wasm"]
fn an_export_that_is_not_listed_is_found() {
    let export = "/// Planted.\n#[unsafe(no_mangle)]\npub extern \"C\" fn now() -> u64 { 0 }\n";
    let report = probe(&Site::copy("export").plant(PROBE, export));
    assert!(report.as_ref().is_err_and(|it| it.contains("\"now\"")), "{report:?}");
}

#[test]
#[ignore = "builds Wasm"]
fn a_float_in_the_probe_is_found() {
    let site = Site::copy("probe-float").replace(
        PROBE,
        "-> u64 {\n    //",
        "-> u64 {\n    let length = (length as f64 * 1.5) as usize;\n    //",
    );
    let report = probe(&site);
    assert!(report.as_ref().is_err_and(|it| it.contains("F64Mul")), "{report:?}");
}

#[test]
#[ignore = "builds Wasm"]
fn the_probe_says_what_the_native_core_says() {
    let bytes = "{\"amount\": 0.1, \"tags\": [1e-7, null]}\nnot json\n\"é\"\n";
    let wasm = probe_bytes(&Site::real()).expect("the probe builds");
    assert_eq!(in_node(&wasm, bytes), dacapo_bare::digest(bytes.as_bytes()).to_string());
}

#[test]
#[ignore = "lints the core"]
fn no_lint_fires_in_the_core() {
    for package in ["dacapo-engine", "dacapo-log"] {
        lints(&Site::real(), package).expect("the wall stands");
    }
}

#[test]
#[ignore = "lints the core"]
fn what_clippy_bans_is_found() {
    let plants = [
        (
            LOG,
            "pub fn planted() -> std::collections::HashMap<u8, u8> { Default::default() }",
            "HashMap",
        ),
        (LOG, "pub fn planted() -> bool { std::env::var(\"A\").is_ok() }", "std::env::var"),
        (LOG, "pub fn planted(it: f64) -> f64 { it.exp() }", "f64::exp"),
        (ENGINE, "pub fn planted(it: &mut [u8]) { it.sort_unstable(); }", "sort_unstable"),
        (
            ENGINE,
            "pub fn planted(it: &str) -> alloc::string::String { it.to_lowercase() }",
            "to_lowercase",
        ),
        (ENGINE, "pub fn planted(it: &[u8]) -> u8 { it[0] }", "indexing-slicing"),
        (ENGINE, "pub fn planted(it: Option<u8>) -> u8 { it.unwrap() }", "unwrap-used"),
        (ENGINE, "pub fn planted(it: f64) -> f64 { it + 1.0 }", "float-arithmetic"),
        (ENGINE, "pub fn planted(it: &u8) -> u8 { unsafe { core::ptr::read(it) } }", "unsafe"),
    ];
    // One copy for each file: lints do not hide each other.
    for file in [LOG, ENGINE] {
        let here = plants.iter().filter(|it| it.0 == file);
        let text: String = here
            .clone()
            .enumerate()
            .map(|(at, it)| {
                format!("/// Planted.\n{}\n", it.1.replace("planted", &format!("planted_{at}")))
            })
            .collect();
        let package = if file == LOG { "dacapo-log" } else { "dacapo-engine" };
        let site = Site::copy(&format!("lints-{package}")).plant(file, &text);
        let report = lints(&site, package).expect_err("the plants are found");
        for (_, _, word) in here {
            assert!(report.contains(word), "expected a finding of {word} in:\n{report}");
        }
    }
}

#[test]
#[ignore = "builds the core"]
fn unsafe_code_does_not_compile() {
    let planted =
        "/// Planted.\npub fn planted(it: &u8) -> u8 { unsafe { core::ptr::read(it) } }\n";
    let allowed = format!("#[allow(unsafe_code)]\n{planted}");
    for (text, word) in [(planted, "usage of an `unsafe` block"), (&allowed, "E0453")] {
        for file in [ENGINE, LOG] {
            let site = Site::copy("unsafe").plant(file, text);
            let report = site.cargo(&["check", "-p", "dacapo-engine", "-p", "dacapo-log"]);
            assert!(report.as_ref().is_err_and(|it| it.contains(word)), "{report:?}");
        }
    }
}

#[test]
#[ignore = "asks cargo"]
fn the_core_is_made_of_what_is_listed() {
    let file = root().join(COMMITTED_TREE);
    if std::env::var_os("UPDATE").is_some() {
        let head = "# What the core is made of: package, version, features. An addition needs a paragraph.\n\
            # UPDATE=1 cargo test -p dacapo-tests --test walls made_of -- --ignored writes it.\n\n";
        let tree = tree(&Site::real()).expect("cargo lists the tree");
        fs::write(&file, head.to_owned() + tree.trim_end() + "\n").expect("the tree is written");
    }
    let committed = fs::read_to_string(&file).expect("the tree is committed");
    tree_difference(&Site::real(), &committed).expect("the wall stands");
}

#[test]
#[ignore = "asks cargo"]
fn a_dependency_that_is_not_listed_is_found() {
    let committed = fs::read_to_string(root().join(COMMITTED_TREE)).expect("the tree is committed");
    let manifest = "core/engine/Cargo.toml";
    let more = "[dependencies]\nrmp.workspace = true";
    let site = Site::copy("dependency").replace(manifest, "[dependencies]", more);
    let report = tree_difference(&site, &committed);
    assert!(report.as_ref().is_err_and(|it| it.contains("+ [dacapo-engine] rmp ")), "{report:?}");
    let more = "serde = { workspace = true, features = [\"std\"] }";
    let site = Site::copy("feature").replace(manifest, "serde.workspace = true", more);
    let report = tree_difference(&site, &committed);
    assert!(report.as_ref().is_err_and(|it| it.contains("+ [dacapo-engine] serde ")), "{report:?}");
}

#[test]
fn what_is_not_wasm_is_refused() {
    assert!(scan(b"\0asm\x01\0\0\0\x0a\xff").is_err());
    assert!(scan(b"nothing").is_err());
}

/// Runs the probe without anything to import, and returns the digest it tells.
fn in_node(wasm: &[u8], bytes: &str) -> String {
    let script = format!(
        "const wasm = new WebAssembly.Module(require('node:fs').readFileSync(0));
        const {{ memory, alloc, replay }} = new WebAssembly.Instance(wasm, {{}}).exports;
        const bytes = new TextEncoder().encode({bytes:?});
        const at = alloc(bytes.length);
        new Uint8Array(memory.buffer).set(bytes, at);
        console.log(String(BigInt.asUintN(64, replay(at, bytes.length))));"
    );
    let mut command = Command::new("node");
    command.args(["--eval", &script]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("node starts");
    child.stdin.take().expect("a pipe").write_all(wasm).expect("node reads the Wasm");
    let output = child.wait_with_output().expect("node ends");
    assert!(output.status.success(), "node ended with {}", output.status);
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
