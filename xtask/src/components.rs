//! What the machine must have for a step, how its absence shows, and what remedies it.

use std::path::Path;

use crate::step::Step;
use crate::toolchain::{self, DEBIAN_PACKAGES, TARGETS, Wanted};
use crate::work::{answer, cargo};

/// Something outside the project that a step needs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Component {
    /// The formatter.
    Rustfmt,
    /// The linter.
    Clippy,
    /// A C compiler: SQLite is built from its sources, and Rust links with it.
    CCompiler,
    /// A C++ compiler: the fuzzer is built from its sources.
    CppCompiler,
    /// Git: the tidy test asks it which files belong to the project.
    Git,
    /// A compiler for Wasm.
    WasmTargets,
    /// Node.js and npm.
    Node,
    /// The binaries of a PostgreSQL server.
    Postgres,
    /// Python with virtual environments.
    Python,
    /// A browser that tests can drive.
    Chromium,
    /// A clock that is wrong on purpose.
    Faketime,
}

/// What a machine lacks.
pub struct Missing {
    /// What, and how that shows.
    pub what: String,
    /// What remedies it.
    pub remedy: Remedy,
}

/// How a component is installed.
pub enum Remedy {
    /// Packages of Debian.
    Apt(Vec<&'static str>),
    /// Arguments of rustup.
    Rustup(Vec<&'static str>),
    /// Targets of rustup, or, where its server is out of reach, packages of Debian.
    WasmTargets,
    /// A person must do it.
    ByHand(&'static str),
}

impl Component {
    /// Returns its name in a list of steps.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rustfmt => "rustfmt",
            Self::Clippy => "clippy",
            Self::CCompiler => "C compiler",
            Self::CppCompiler => "C++ compiler",
            Self::Git => "git",
            Self::WasmTargets => "Wasm targets",
            Self::Node => "Node.js",
            Self::Postgres => "PostgreSQL binaries",
            Self::Python => "Python",
            Self::Chromium => "Chromium",
            Self::Faketime => "faketime",
        }
    }

    /// Looks whether it is there.
    pub fn check(self, wanted: Wanted) -> Option<Missing> {
        match self {
            Self::Rustfmt => cargo_tool("fmt", "rustfmt"),
            Self::Clippy => cargo_tool("clippy", "clippy"),
            Self::CCompiler => program("cc", "a C compiler", &["build-essential"]),
            Self::CppCompiler => program("c++", "a C++ compiler", &["build-essential"]),
            Self::Git => program("git", "git", &["git"]),
            Self::WasmTargets => wasm_targets(wanted),
            Self::Node => node(),
            Self::Postgres => postgres(),
            Self::Python => python(),
            Self::Chromium => program("/usr/bin/chromium", "Chromium", &["chromium"]),
            Self::Faketime => {
                program("faketime", "a clock that is wrong on purpose", &["faketime"])
            }
        }
    }
}

/// Returns what the steps need, each once.
pub fn needs_of(steps: &[&Step]) -> Vec<Component> {
    let mut needs: Vec<_> = steps.iter().flat_map(|it| it.needs).copied().collect();
    needs.sort_unstable();
    needs.dedup();
    needs
}

fn cargo_tool(command: &str, component: &'static str) -> Option<Missing> {
    let cargo = cargo();
    if answer(&cargo.to_string_lossy(), &[command, "--version"]).is_some() {
        return None;
    }
    let what = format!("{component}: `cargo {command} --version` fails");
    Some(Missing { what, remedy: Remedy::Rustup(vec!["component", "add", component]) })
}

fn program(name: &str, what: &str, packages: &[&'static str]) -> Option<Missing> {
    if answer(name, &["--version"]).is_some() {
        return None;
    }
    let what = format!("{what}: `{name} --version` fails");
    Some(Missing { what, remedy: Remedy::Apt(packages.to_vec()) })
}

fn wasm_targets(wanted: Wanted) -> Option<Missing> {
    let there = match wanted {
        Wanted::Auto => toolchain::has_rustup_targets() || toolchain::has_debian_compiler(),
        Wanted::Rustup => toolchain::has_rustup_targets(),
        Wanted::Debian => toolchain::has_debian_compiler(),
    };
    if there {
        return None;
    }
    let what = "a compiler for wasm32-unknown-unknown and wasm32v1-none".to_owned();
    let has_rustup = answer("rustup", &["--version"]).is_some();
    let remedy = match wanted {
        Wanted::Auto if has_rustup => Remedy::WasmTargets,
        Wanted::Rustup => Remedy::Rustup([&["target", "add"][..], &TARGETS].concat()),
        Wanted::Auto | Wanted::Debian => Remedy::Apt(DEBIAN_PACKAGES.to_vec()),
    };
    Some(Missing { what, remedy })
}

fn node() -> Option<Missing> {
    let remedy = Remedy::ByHand("install Node.js 20 or newer with npm");
    let Some(version) = answer("node", &["--version"]) else {
        return Some(Missing { what: "Node.js: `node --version` fails".into(), remedy });
    };
    let major = version.trim().trim_start_matches('v').split('.').next();
    if major.and_then(|it| it.parse().ok()).is_none_or(|it: u32| it < 20) {
        let what = format!("Node.js 20 or newer: `node --version` prints {}", version.trim());
        return Some(Missing { what, remedy });
    }
    program("npm", "npm", &["npm"])
}

fn postgres() -> Option<Missing> {
    let packaged = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let is_packaged = packaged.into_iter().any(|it| it.path().join("bin/initdb").exists());
    if is_packaged || answer("initdb", &["--version"]).is_some() {
        return None;
    }
    let what = "PostgreSQL: no initdb under /usr/lib/postgresql/*/bin nor on the path".into();
    Some(Missing { what, remedy: Remedy::Apt(vec!["postgresql"]) })
}

fn python() -> Option<Missing> {
    let can = answer("python3", &["-c", "import venv, ensurepip"]).is_some();
    let what = "Python: `python3 -c 'import venv, ensurepip'` fails".into();
    (!can).then(|| Missing { what, remedy: Remedy::Apt(vec!["python3-venv"]) })
}

/// Tells whether Debian's package manager is there.
pub fn has_apt() -> bool {
    Path::new("/usr/bin/apt-get").exists()
}
