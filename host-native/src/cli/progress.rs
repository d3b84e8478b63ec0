//! How far a long command is: a bar on a terminal, else a line per 10 %; always on standard error.

use std::io::{IsTerminal as _, stderr};

use indicatif::{ProgressBar, ProgressStyle};

/// The progress of one long command.
pub struct Progress {
    what: &'static str,
    total: u64,
    done: u64,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Begins; `what` says what is done, as `verify`, to `total` records.
    pub fn new(what: &'static str, total: u64) -> Self {
        let bar = stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(total).with_message(what);
            bar.set_style(
                ProgressStyle::with_template(BAR).unwrap_or(ProgressStyle::default_bar()),
            );
            bar
        });
        Self { what, total, done: 0, bar }
    }

    /// Tells that `count` more are done.
    pub fn add(&mut self, count: u64) {
        let before = self.tenth();
        self.done += count;
        match &self.bar {
            Some(bar) => bar.set_position(self.done),
            None if self.total >= SILENT_BELOW && self.tenth() > before => {
                eprintln!(
                    "{} {} % ({} of {})",
                    self.what,
                    self.tenth() * 10,
                    self.done,
                    self.total
                );
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

const BAR: &str = "{msg} {wide_bar} {pos}/{len} records, {per_sec}, {eta} left";

/// What takes less than a blink needs no lines.
const SILENT_BELOW: u64 = 10_000;
