//! Where a wall is tried: the repository as it is, or a copy of its core with something planted.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::tidy::root;

/// A workspace with the core and the probe.
pub struct Site {
    root: PathBuf,
}

impl Site {
    /// Returns the repository as it is.
    pub fn real() -> Self {
        Self { root: root() }
    }

    /// Copies the core and the probe to a place of this name.
    ///
    /// # Panics
    ///
    /// If the disk refuses.
    pub fn copy(name: &str) -> Self {
        let site = Self { root: products().join("sites").join(name) };
        let _ = fs::remove_dir_all(&site.root);
        for folder in ["core", "tests/bare"] {
            copy(&root().join(folder), &site.root.join(folder));
        }
        fs::copy(root().join("Cargo.lock"), site.root.join("Cargo.lock")).expect("the lock file");
        let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
        // To cargo, crates of one name, version and place are one, whatever workspace they are in;
        // sites share their products, so each has a version of its own.
        let version = format!("version = \"0.1.{}\"", number_of(name));
        let manifest = manifest.lines().map(|line| match line.split(' ').next() {
            Some("members") => "members = [\"core/engine\", \"core/log\", \"tests/bare\"]",
            Some("default-members") => "",
            Some("version") => version.as_str(),
            _ => line,
        });
        let manifest = manifest.collect::<Vec<_>>().join("\n");
        fs::write(site.root.join("Cargo.toml"), manifest).expect("the manifest of the copy");
        site
    }

    /// Adds text to the end of a file.
    ///
    /// # Panics
    ///
    /// If there is no such file.
    #[must_use]
    pub fn plant(self, path: &str, text: &str) -> Self {
        let path = self.root.join(path);
        let old = fs::read_to_string(&path).expect("the file to plant in");
        fs::write(path, old + "\n" + text).expect("the planted file");
        self
    }

    /// Replaces text in a file.
    ///
    /// # Panics
    ///
    /// If it is not there.
    #[must_use]
    pub fn replace(self, path: &str, old: &str, new: &str) -> Self {
        let path = self.root.join(path);
        let text = fs::read_to_string(&path).expect("the file to plant in");
        assert!(text.contains(old), "expected `{old}` in {}", path.display());
        fs::write(path, text.replacen(old, new, 1)).expect("the planted file");
        self
    }

    /// Runs cargo there, with the products apart from those of the repository.
    ///
    /// The error is what the compiler printed.
    pub fn cargo(&self, args: &[&str]) -> Result<Output, String> {
        self.run(command("cargo", args))
    }

    /// Builds a library for a target of Wasm and returns the bytes of the product with an ending.
    ///
    /// The error is what the compiler printed.
    pub fn build_wasm(
        &self,
        package: &str,
        target: Target,
        ending: &str,
    ) -> Result<Vec<u8>, String> {
        // Two sites may write the same product; it is read before the next build begins.
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let args = ["build", "--lib", "--package", package, "--target", target.triple()];
        let mut command = match toolchain().as_str() {
            "debian" => debian(&args, target),
            _ => command("cargo", &args),
        };
        command.arg("--message-format=json-render-diagnostics");
        // A Wasm file has the same name in every site: cargo must not take one for another.
        let places = ["", "debian/"].map(|it| format!("{it}{}/debug/deps", target.triple()));
        let name = format!("{}.wasm", package.replace('-', "_"));
        for place in places {
            let _ = fs::remove_file(products().join(place).join(&name));
        }
        let output = self.run(command)?;
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let messages = stdout.lines().filter_map(|it| serde_json::from_str::<Value>(it).ok());
        let names = messages.flat_map(|it| it["filenames"].as_array().cloned().unwrap_or_default());
        let files = names.filter_map(|it| it.as_str().map(PathBuf::from));
        let mut products = files.filter(|it| it.to_string_lossy().ends_with(ending));
        // The package that was asked for is built last.
        let product = products.next_back();
        let product = product.ok_or_else(|| format!("expected a product *{ending}, found none"))?;
        fs::read(&product).map_err(|error| format!("{}: {error}", product.display()))
    }

    /// Runs `cargo tree`, which builds nothing, and returns what it prints.
    ///
    /// The error is what cargo printed.
    pub fn tree(&self, args: &[&str]) -> Result<String, String> {
        let mut command = Command::new("cargo");
        command.args(args);
        Ok(String::from_utf8_lossy(&self.run(command)?.stdout).into_owned())
    }

    fn run(&self, mut command: Command) -> Result<Output, String> {
        command.current_dir(&self.root).env("CARGO_TERM_COLOR", "never").env_remove("RUSTFLAGS");
        let output = command.output().map_err(|error| format!("cargo does not start: {error}"))?;
        if output.status.success() {
            return Ok(output);
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// A target of Wasm.
#[derive(Clone, Copy)]
pub enum Target {
    /// With the standard library.
    Std,
    /// With `core` and `alloc` only.
    Bare,
}

impl Target {
    fn triple(self) -> &'static str {
        match self {
            Self::Std => "wasm32-unknown-unknown",
            Self::Bare => "wasm32v1-none",
        }
    }
}

fn command(cargo: &str, args: &[&str]) -> Command {
    let mut command = Command::new(cargo);
    command.args(args).env("CARGO_TARGET_DIR", products());
    command
}

/// Debian's compiler, which `cargo xtask test` chooses where rustup cannot add the targets.
fn debian(args: &[&str], target: Target) -> Command {
    let mut command = Command::new("/usr/bin/cargo");
    command.args(args).arg(match target {
        Target::Std => "-Zbuild-std=std,panic_abort",
        Target::Bare => "-Zbuild-std=core,alloc",
    });
    command.env("CARGO_TARGET_DIR", products().join("debian"));
    command.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-22");
    command
}

fn number_of(name: &str) -> u32 {
    name.bytes().fold(1, |it, byte| it.wrapping_mul(31).wrapping_add(u32::from(byte)))
}

fn toolchain() -> String {
    std::env::var("DACAPO_WASM_TOOLCHAIN").unwrap_or_default()
}

fn products() -> PathBuf {
    root().join("target/walls")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder of the copy");
    for it in fs::read_dir(from).expect("a folder of the core").flatten() {
        let target = to.join(it.file_name());
        if it.path().is_dir() {
            copy(&it.path(), &target);
        } else {
            fs::copy(it.path(), target).expect("a file of the copy");
        }
    }
}

static TURN: Mutex<()> = Mutex::new(());
