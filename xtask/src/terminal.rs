//! What a person sees: colour and moving lines on a terminal, plain lines everywhere else.

use std::io::{IsTerminal as _, Write as _, stdout};
use std::time::Duration;

/// The colours of outcomes.
#[derive(Clone, Copy)]
pub enum Colour {
    /// Good.
    Green,
    /// Bad.
    Red,
    /// Not known.
    Yellow,
    /// Beside the point.
    Grey,
}

/// Tells whether lines may be coloured and rewritten.
pub fn is_terminal() -> bool {
    stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// Colours a text if it goes to a terminal.
pub fn paint(text: &str, colour: Colour) -> String {
    let code = match colour {
        Colour::Green => "32",
        Colour::Red => "31",
        Colour::Yellow => "33",
        Colour::Grey => "90",
    };
    if is_terminal() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.into() }
}

/// Shows what happens, on a line that the next call replaces; nothing off a terminal.
pub fn passing(text: &str) {
    if is_terminal() {
        let short: String = text.chars().filter(|it| !it.is_control()).take(WIDTH).collect();
        print!("\r\x1b[2K{short}");
        flush();
    }
}

/// Prints a line that stays, in place of a passing one.
pub fn line(text: &str) {
    let clear = if is_terminal() { "\r\x1b[2K" } else { "" };
    println!("{clear}{text}");
    flush();
}

/// Returns a duration as people read it.
pub fn duration(it: Duration) -> String {
    let seconds = it.as_secs();
    if seconds < 60 {
        return format!("{:.1} s", it.as_secs_f64());
    }
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

fn flush() {
    // A closed pipe is no reason to stop a test run.
    let _ = stdout().flush();
}

const WIDTH: usize = 110;
