//! Colour, where somebody can see it.

use std::io::{IsTerminal as _, stderr, stdout};

/// Paints text for one output, or leaves it alone.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    is_on: bool,
}

impl Paint {
    /// Makes the paint of standard output.
    pub fn stdout() -> Self {
        Self { is_on: stdout().is_terminal() && is_wanted() }
    }

    /// Makes the paint of standard error.
    pub fn stderr() -> Self {
        Self { is_on: stderr().is_terminal() && is_wanted() }
    }

    /// Makes paint that leaves everything alone.
    #[cfg(test)]
    pub fn none() -> Self {
        Self { is_on: false }
    }

    /// Returns whether anything is painted.
    pub fn is_on(self) -> bool {
        self.is_on
    }

    /// Returns the text in bold.
    pub fn bold(self, text: impl AsRef<str>) -> String {
        self.in_style("1", text.as_ref())
    }

    /// Returns the text in grey.
    pub fn dim(self, text: impl AsRef<str>) -> String {
        self.in_style("2", text.as_ref())
    }

    /// Returns the text as bad news.
    pub fn red(self, text: impl AsRef<str>) -> String {
        self.in_style("1;31", text.as_ref())
    }

    /// Returns the text as good news.
    pub fn green(self, text: impl AsRef<str>) -> String {
        self.in_style("32", text.as_ref())
    }

    /// Returns the text as something to look at.
    pub fn yellow(self, text: impl AsRef<str>) -> String {
        self.in_style("33", text.as_ref())
    }

    /// Returns the text as something to type.
    pub fn cyan(self, text: impl AsRef<str>) -> String {
        self.in_style("36", text.as_ref())
    }

    fn in_style(self, style: &str, text: &str) -> String {
        if self.is_on { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Returns whether nobody forbids colour (<https://no-color.org>).
fn is_wanted() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|it| !it.is_empty());
    !is_set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|it| it != "dumb")
}
