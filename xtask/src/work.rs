//! The run of one step: its folder, its log, its commands and their time limits.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, PipeReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::terminal;
use crate::toolchain::Toolchain;

/// What a step works with.
pub struct Work {
    /// The folder of the repository.
    pub root: PathBuf,
    /// The compiler that builds Wasm.
    pub toolchain: Toolchain,
    /// How long each target of the fuzzer runs in a test run.
    pub fuzz_minutes: u64,
    verbose: bool,
    step: String,
    log: String,
}

impl Work {
    /// Prepares the folder of logs.
    pub fn new(root: PathBuf, toolchain: Toolchain, verbose: bool) -> Result<Self, String> {
        let (step, log) = Default::default();
        let it = Self { root, toolchain, fuzz_minutes: 1, verbose, step, log };
        fs::create_dir_all(it.logs()).map_err(|error| format!("no folder for logs: {error}"))?;
        Ok(it)
    }

    /// Begins the log of a step.
    pub fn begin(&mut self, step: &str) {
        self.step = step.into();
        self.log.clear();
    }

    /// Ends the log of a step, writes it to its file and returns it.
    pub fn end(&mut self) -> Result<(PathBuf, String), String> {
        let path = self.logs().join(format!("{}.log", self.step));
        let log = std::mem::take(&mut self.log);
        fs::write(&path, &log)
            .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
        let shown = path.strip_prefix(&self.root).unwrap_or(&path).to_path_buf();
        Ok((shown, log))
    }

    /// Returns a cargo command in the repository.
    pub fn cargo(&self, args: &[&str]) -> Command {
        let mut command = self.command(cargo());
        command.args(args);
        command
    }

    /// Returns a command in the repository.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("CARGO_TERM_COLOR", "never");
        command
    }

    /// Returns the folder of build products.
    pub fn target(&self) -> PathBuf {
        target_folder(&self.root)
    }

    /// Adds a line to the log of the step.
    pub fn note(&mut self, text: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.log, "{text}");
        if self.verbose {
            terminal::line(text);
        }
    }

    /// Runs a command; its output goes to the log. Anything but success is an error, and so is
    /// taking longer than `limit`.
    pub fn run(&mut self, command: &mut Command, limit: Duration) -> Result<(), String> {
        let shown = shown(command);
        self.note(&format!("$ {shown}"));
        let (reader, writer) = std::io::pipe().map_err(|error| format!("no pipe: {error}"))?;
        let errors = writer.try_clone().map_err(|error| format!("no pipe: {error}"))?;
        let spawned = command.stdin(Stdio::null()).stdout(writer).stderr(errors).spawn();
        // The command keeps the writing ends; they must close with the child.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = spawned.map_err(|error| format!("`{shown}` does not start: {error}"))?;
        let status = self.follow(&mut child, lines_of(reader), limit);
        match status? {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(format!("`{shown}` ended with {status}")),
            None => Err(format!("`{shown}` took longer than {}", terminal::duration(limit))),
        }
    }

    fn follow(
        &mut self,
        child: &mut Child,
        lines: Receiver<String>,
        limit: Duration,
    ) -> Result<Option<ExitStatus>, String> {
        let begin = Instant::now();
        let mut last = String::new();
        let mut closed = false;
        let mut ended: Option<(Instant, ExitStatus)> = None;
        loop {
            match lines.recv_timeout(POLL) {
                Ok(line) => {
                    self.note(&line);
                    last = line;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => closed = true,
            }
            if !self.verbose {
                let time = terminal::duration(begin.elapsed());
                terminal::passing(&format!("  {:<8} {time:>12}  {last}", self.step));
            }
            if ended.is_none() {
                let status = child.try_wait().map_err(|error| error.to_string())?;
                ended = status.map(|status| (Instant::now(), status));
            }
            // A server that outlives the command may hold the pipe: what was said is read, no more.
            if let Some((since, status)) = ended
                && (closed || since.elapsed() > POLL * 3)
            {
                lines.try_iter().for_each(|line| self.note(&line));
                return Ok(Some(status));
            }
            if begin.elapsed() > limit {
                child.kill().map_err(|error| error.to_string())?;
                return Ok(None);
            }
            if closed {
                thread::sleep(POLL);
            }
        }
    }

    fn logs(&self) -> PathBuf {
        self.target().join("xtask")
    }
}

/// Returns the cargo that started this program.
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Returns the folder of build products.
pub fn target_folder(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |it| root.join(it))
}

/// Runs a short command and returns what it printed, if it succeeded.
pub fn answer(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Writes a file and the folders above it.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut file = File::create(path).map_err(|error| format!("{}: {error}", path.display()))?;
    file.write_all(bytes).map_err(|error| format!("{}: {error}", path.display()))
}

fn lines_of(reader: PipeReader) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for bytes in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
            if sender.send(String::from_utf8_lossy(&bytes).into_owned()).is_err() {
                return;
            }
        }
    });
    receiver
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
    let words = command.get_args().map(|it| it.to_string_lossy().into_owned());
    std::iter::once(name).chain(words).collect::<Vec<_>>().join(" ")
}

const POLL: Duration = Duration::from_millis(100);
