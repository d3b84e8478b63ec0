//! The server's release binary, running.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::place::Place;
use crate::binary;

/// A server that runs until it is dropped.
pub struct Running {
    /// Where it listens, as `127.0.0.1:40123`.
    pub host: String,
    /// From the start of the process until it took commands.
    pub start: Duration,
    child: Child,
}

impl Running {
    /// Starts a server on a database; returns when it takes commands.
    ///
    /// # Panics
    /// It does not within ten minutes.
    pub fn start(place: &Place) -> Self {
        let mut command = Command::new(path());
        command.args(["serve", "--http", "127.0.0.1:0", "--log", "warn", "--database-url"]);
        command.arg(&place.url).current_dir(place.folder()).env_clear();
        let started = Instant::now();
        let spawned = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.expect("the server starts");
        let lines = binary::lines(child.stdout.take().expect("standard output is piped"));
        let mut running = Self { host: String::new(), start: Duration::ZERO, child };
        while running.host.is_empty() {
            // The banner comes when `/ready` turns green.
            let line = lines.recv_timeout(START_MAX).expect("the server becomes ready");
            let host = line.split_whitespace().find_map(|it| it.strip_prefix("http://"));
            // The page's address or that of the API, whichever is told first.
            let host = host.and_then(|it| it.split('/').next());
            running.host = host.unwrap_or_default().to_owned();
        }
        running.start = started.elapsed();
        running
    }

    /// Returns the resident memory, in mebibytes.
    ///
    /// # Panics
    /// The server has ended, or this is no Linux.
    pub fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("the server runs");
        let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:")).expect("a size");
        let kibibytes = line.split_whitespace().next().and_then(|it| it.parse::<f64>().ok());
        kibibytes.expect("a number") / 1_024.0
    }

    /// Asks the server to stop and waits until it has.
    ///
    /// # Panics
    /// It does not end well.
    pub fn stop(mut self) {
        binary::terminate(&self.child);
        let status = self.child.wait().expect("the server ends");
        assert!(status.success(), "the server stops with {status}");
    }

    /// Kills the server as a power cut would.
    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Already gone after `stop`; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the binary: the one of `DACAPO_BIN`, else the release one, built together with this program.
fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| match std::env::var_os("DACAPO_BIN") {
        Some(path) => path.into(),
        None => build(),
    })
}

fn build() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    // Both packages, so that what they share is built once.
    let arguments = ["build", "--quiet", "--release", "-p", "dacapo", "-p", "dacapo-tests"];
    let arguments = arguments.iter().chain(&["--bin", "dacapo", "--bin", "bench"]);
    let status = Command::new(cargo).args(arguments).current_dir(&root).status();
    assert!(status.is_ok_and(|it| it.success()), "the binary builds");
    let bench = std::env::current_exe().expect("the bench knows itself");
    bench.with_file_name(format!("dacapo{}", std::env::consts::EXE_SUFFIX))
}

const START_MAX: Duration = Duration::from_secs(600);
