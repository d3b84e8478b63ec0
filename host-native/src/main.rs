//! The `dacapo` binary: the server and everything around it on the command line.

use std::process::ExitCode;

mod cli;
mod demo;

fn main() -> ExitCode {
    cli::main()
}
