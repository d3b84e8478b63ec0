//! The compiler that builds Wasm: rustup's targets, or Debian's compiler with its sources.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ValueEnum;

use crate::work::{Work, answer};

/// What was asked for.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Wanted {
    /// rustup's targets where they are or can be had, else Debian's compiler.
    Auto,
    /// rustup's targets.
    Rustup,
    /// Debian's compiler.
    Debian,
}

/// What there is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Toolchain {
    /// The toolchain of the project, with the Wasm targets of rustup.
    Rustup,
    /// Debian's compiler, which builds the standard library from its sources.
    Debian,
    /// None: no chosen step builds Wasm.
    None,
}

impl Toolchain {
    /// Returns a `cargo build` for Wasm, and the folder where its products go.
    pub fn build(self, work: &Work) -> (Command, PathBuf) {
        let target = TARGETS[0];
        if self != Self::Debian {
            return (work.cargo(&["build", "--target", target]), work.target().join(target));
        }
        let folder = work.target().join("debian");
        let mut command = work.command(DEBIAN_CARGO);
        command.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1");
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER);
        command.args(["build", "-Zbuild-std=std,panic_abort", "--target", target]);
        command.arg("--target-dir").arg(&folder);
        (command, folder.join(target))
    }

    /// Returns the name by which tests are told.
    pub fn name(self) -> &'static str {
        match self {
            Self::Debian => "debian",
            Self::Rustup | Self::None => "rustup",
        }
    }
}

/// Tells whether the toolchain of the project has both targets.
pub fn has_rustup_targets() -> bool {
    let Some(root) = answer("rustc", &["--print", "sysroot"]) else { return false };
    let targets = Path::new(root.trim()).join("lib/rustlib");
    TARGETS.iter().all(|it| targets.join(it).join("lib").is_dir())
}

/// Tells whether Debian's compiler is there, with its sources and its linker.
pub fn has_debian_compiler() -> bool {
    let Some(root) = answer(DEBIAN_RUSTC, &["--print", "sysroot"]) else { return false };
    let sources = Path::new(root.trim()).join("lib/rustlib/src/rust/library/Cargo.toml");
    sources.exists()
        && Path::new(DEBIAN_CARGO).exists()
        && answer(DEBIAN_LINKER, &["--version"]).is_some()
}

/// The targets that rustup must have.
pub const TARGETS: [&str; 2] = ["wasm32-unknown-unknown", "wasm32v1-none"];
/// The packages of Debian's compiler.
pub const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_LINKER: &str = "wasm-ld-22";
