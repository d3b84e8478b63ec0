//! The command line: one file per command.

mod banner;
mod client;
mod debug;
mod deploy;
mod dmn;
mod excerpt;
mod failure;
mod feel;
mod given;
mod lint;
mod log;
mod paint;
mod progress;
mod serve;
mod settings;
mod steps;
mod why;

use std::io::stdout;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;

pub use client::Client;
pub use failure::Failure;
use failure::{Exit, Outcome};
use paint::Paint;

/// Runs the command line and returns how the program ends.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            report(&failure);
            failure.exit.into()
        }
    }
}

/// A workflow engine that can always tell why: every command, event and rejection is in one log.
#[derive(Parser)]
#[command(name = "dacapo", version, after_help = HELP, max_term_width = 120)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Dev(serve::DevArgs),
    Serve(serve::ServeArgs),
    Deploy(deploy::DeployArgs),
    Lint(lint::LintArgs),
    /// Shows, exports, verifies and measures the log
    #[command(subcommand)]
    Log(log::LogCommand),
    Why(why::WhyArgs),
    Debug(debug::DebugArgs),
    Feel(feel::FeelArgs),
    /// Evaluates decisions, without a server
    #[command(subcommand)]
    Dmn(dmn::DmnCommand),
    /// Prints the version
    Version {
        /// Print the versions of program, log format and semantics as JSON
        #[arg(long)]
        json: bool,
    },
    /// Prints a completion script for a shell
    #[command(after_help = COMPLETION_HELP)]
    Completion {
        /// The shell
        shell: Shell,
    },
}

fn run(command: Command) -> Outcome {
    match command {
        Command::Dev(args) => in_runtime(serve::dev(&args)),
        Command::Serve(args) => in_runtime(serve::serve(&args)),
        Command::Deploy(args) => in_runtime(deploy::run(&args)),
        Command::Lint(args) => lint::run(&args),
        Command::Log(command) => in_runtime(log::run(&command)),
        Command::Why(args) => in_runtime(why::run(&args)),
        Command::Debug(args) => in_runtime(debug::run(&args)),
        Command::Feel(args) => feel::run(&args),
        Command::Dmn(command) => dmn::run(&command),
        Command::Version { json } => version(json),
        Command::Completion { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "dacapo", &mut stdout());
            Ok(Exit::Ok)
        }
    }
}

fn in_runtime(work: impl Future<Output = Outcome>) -> Outcome {
    tokio::runtime::Runtime::new()?.block_on(work)
}

fn version(json: bool) -> Outcome {
    use std::io::Write as _;

    use dacapo_engine::record::{FORMAT_VERSION, SEMANTICS};
    let version = env!("CARGO_PKG_VERSION");
    if json {
        let versions = serde_json::json!({
            "version": version,
            "log_format": FORMAT_VERSION,
            "semantics": SEMANTICS,
        });
        writeln!(stdout(), "{versions}")?;
    } else {
        writeln!(
            stdout(),
            "dacapo {version} (log format {FORMAT_VERSION}, semantics {SEMANTICS})"
        )?;
    }
    Ok(Exit::Ok)
}

fn report(failure: &Failure) {
    if failure.exit == Exit::Ok {
        return;
    }
    let paint = Paint::stderr();
    eprintln!("{} {failure}", paint.red("error:"));
    for hint in &failure.hints {
        eprintln!("  {}", paint.cyan(hint));
    }
}

const HELP: &str = "\
Exit codes:
  0  done, nothing is wrong      3  the instance waits for something outside
  1  refused, or problems found  4  an incident, or a log that is not what it should be
  2  wrong usage                 5  no server answers

Examples:
  dacapo dev                     a server with a demo, at once
  dacapo lint order.bpmn         what a deployment would refuse, with line and column
  dacapo why @incident           what the newest instance with an incident waits for
  dacapo debug @incident         the page, on the record that raised it
  dacapo log verify              decide everything again and compare
  dacapo feel '1 + 1'            the value of an expression
  dacapo dmn evaluate risk.dmn   the value of a decision, and the rules that matched

Colour is used on a terminal only; NO_COLOR turns it off.";

const COMPLETION_HELP: &str = "\
Examples:
  dacapo completion bash > ~/.local/share/bash-completion/completions/dacapo
  dacapo completion zsh > \"${fpath[1]}/_dacapo\"
  dacapo completion fish > ~/.config/fish/completions/dacapo.fish";
