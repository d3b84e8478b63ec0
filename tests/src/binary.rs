//! The `dacapo` binary, run as a user runs it.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Returns the binary: the one of `DACAPO_BIN`, else one that is built here once.
///
/// # Panics
/// It does not build.
pub fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| match std::env::var_os("DACAPO_BIN") {
        Some(path) => path.into(),
        None => build(),
    })
}

/// Makes a command of the binary in a folder, in an environment of its own: nothing of the tester's settings gets in.
pub fn command(folder: &Path, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(path());
    command.args(args).current_dir(folder).env_clear().env("PATH", path_variable());
    command.stdin(Stdio::null());
    command
}

/// What a command printed and how it ended.
#[derive(Debug)]
pub struct Said {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Said {
    /// Returns the JSON on standard output.
    ///
    /// # Panics
    /// There is something else.
    pub fn json(&self) -> Value {
        let read = serde_json::from_str(&self.out);
        read.unwrap_or_else(|it| panic!("{it}: {} {}", self.out, self.err))
    }
}

/// Runs a command to its end.
///
/// # Panics
/// It does not start, is killed by a signal, or prints something other than UTF-8.
pub fn run(command: &mut Command) -> Said {
    let output = command.output().expect("the command starts");
    said(output)
}

/// A development server on a free port with a log of its own; stopped when dropped.
pub struct DevServer {
    /// Where it serves.
    pub address: String,
    /// What it printed until it was ready.
    pub banner: String,
    /// How long it took until the first line.
    pub first_line: Duration,
    /// Its working directory; the log is in `.dacapo`.
    pub folder: TempDir,
    child: Child,
}

impl DevServer {
    /// Returns the keys and states of the instances in the banner.
    pub fn instances(&self) -> Vec<(String, String)> {
        let lines = self.banner.lines().filter_map(|it| it.trim().split_once("  order  "));
        lines.map(|(key, state)| (key.to_owned(), state.to_owned())).collect()
    }

    /// Starts `dacapo dev` in a fresh folder.
    ///
    /// # Panics
    /// The server does not tell its address and become ready within a minute.
    pub fn start() -> Self {
        Self::start_in(tempfile::tempdir().expect("a temporary folder"))
    }

    /// Starts `dacapo dev` in a folder.
    ///
    /// # Panics
    /// The server does not tell its address and become ready within a minute.
    pub fn start_in(folder: TempDir) -> Self {
        let started = Instant::now();
        let mut child = command(folder.path(), ["dev", "--http", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let lines = lines(child.stdout.take().expect("standard output is piped"));
        let (mut banner, mut first_line) = (String::new(), None);
        while !banner.contains(LAST_LINE) {
            let line = lines.recv_timeout(START_MAX).unwrap_or_else(|_| {
                panic!("expected a line with `{LAST_LINE}` within a minute, found:\n{banner}")
            });
            first_line.get_or_insert_with(|| started.elapsed());
            banner.push_str(&line);
            banner.push('\n');
        }
        let address = banner
            .split_whitespace()
            .find_map(|it| it.strip_suffix("/v2"))
            .expect("the banner tells the address")
            .to_owned();
        Self { address, banner, first_line: first_line.unwrap_or_default(), folder, child }
    }

    /// Runs a command that does not end by itself until a line of its standard output holds a text; then kills it and
    /// returns what it printed.
    ///
    /// # Panics
    /// The text does not come within a minute.
    pub fn banner_of(command: &mut Command, last: &str) -> String {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server starts");
        let lines = lines(child.stdout.take().expect("standard output is piped"));
        let mut banner = String::new();
        while !banner.contains(last) {
            let Ok(line) = lines.recv_timeout(START_MAX) else { break };
            banner.push_str(&line);
            banner.push('\n');
        }
        child.kill().expect("the server still runs");
        child.wait().expect("the server ends");
        assert!(banner.contains(last), "expected a line with `{last}`, found:\n{banner}");
        banner
    }

    /// Runs a command of the binary against this server.
    pub fn run(&self, args: &[&str]) -> Said {
        run(command(self.folder.path(), args).env("DACAPO_ADDRESS", &self.address))
    }

    /// Asks the server to stop and returns its exit code and its folder.
    ///
    /// # Panics
    /// It does not stop.
    pub fn stop(mut self) -> (i32, TempDir) {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().expect("kill runs");
        assert!(asked.success());
        let code = self.child.wait().expect("the server ends").code().unwrap_or(-1);
        let fresh = tempfile::tempdir().expect("a temporary folder");
        (code, std::mem::replace(&mut self.folder, fresh))
    }
}

impl Drop for DevServer {
    fn drop(&mut self) {
        // Already gone after `stop`; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn build() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let arguments = ["build", "--quiet", "--package", "dacapo", "--bin", "dacapo"];
    let status = Command::new(cargo).args(arguments).current_dir(&root).status();
    assert!(status.is_ok_and(|it| it.success()), "the binary builds");
    // This test stands in <target>/debug/deps, the binary in <target>/debug.
    let test = std::env::current_exe().expect("the test knows itself");
    let deps = test.parent().expect("the test stands in a folder");
    let debug = deps.parent().expect("deps stands in a folder");
    debug.with_file_name("debug").join(format!("dacapo{}", std::env::consts::EXE_SUFFIX))
}

fn said(output: Output) -> Said {
    let text = |bytes| String::from_utf8(bytes).expect("the output is UTF-8");
    Said {
        code: output.status.code().expect("the command ends by itself"),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// Asks a process to stop, as a service manager does.
///
/// # Panics
/// There is no `kill`.
pub fn terminate(child: &Child) {
    let asked =
        Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill runs");
    assert!(asked.success());
}

/// Reads lines on a thread, so that whoever waits for one can lose patience, and a full pipe never blocks the server.
pub fn lines(source: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut reader = BufReader::new(source);
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|it| it > 0) {
            if sender.send(line.trim_end().to_owned()).is_err() {
                break;
            }
            line.clear();
        }
        let _ = reader.read_to_end(&mut Vec::new());
    });
    receiver
}

fn path_variable() -> std::ffi::OsString {
    std::env::var_os("PATH").unwrap_or_default()
}

/// What the last line of the banner says.
const LAST_LINE: &str = "Ctrl-C";

const START_MAX: Duration = Duration::from_secs(60);
