//! How far a long command is: a bar on a terminal, else a line per 10 %; always on standard error.

use std::io::{IsTerminal as _, stderr};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Records of the log.
    Records,
    /// Bytes of a file.
    Bytes,
}

/// The progress of one long command.
pub struct Progress {
    what: &'static str,
    total: u64,
    done: u64,
    silent_below: u64,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Begins; `what` says what is done, as `verify`. A total of 0 is not known.
    pub fn new(what: &'static str, total: u64, unit: Unit) -> Self {
        let (template, silent_below) = match unit {
            Unit::Records => (RECORDS_BAR, 10_000),
            Unit::Bytes if total == 0 => (BYTES_COUNT, 1),
            Unit::Bytes => (BYTES_BAR, 10 << 20),
        };
        let bar = stderr().is_terminal().then(|| {
            let length = (total > 0).then_some(total);
            let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr())
                .with_message(what);
            bar.set_style(
                ProgressStyle::with_template(template).unwrap_or(ProgressStyle::default_bar()),
            );
            bar
        });
        Self { what, total, done: 0, silent_below, bar }
    }

    /// Tells that `count` more are done.
    pub fn add(&mut self, count: u64) {
        let before = self.tenth();
        self.done += count;
        match &self.bar {
            Some(bar) => bar.set_position(self.done),
            None if self.total >= self.silent_below && self.tenth() > before => {
                eprintln!("{} {} %", self.what, self.tenth() * 10);
            }
            None => {}
        }
    }

    /// Ends and leaves nothing on the terminal.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }

    fn tenth(&self) -> u64 {
        self.done.min(self.total) * 10 / self.total.max(1)
    }
}

const RECORDS_BAR: &str = "{msg} {wide_bar} {pos}/{len} records, {per_sec}, {eta} left";
const BYTES_COUNT: &str = "{msg} {bytes}, {bytes_per_sec}";
const BYTES_BAR: &str = "{msg} {wide_bar} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left";
