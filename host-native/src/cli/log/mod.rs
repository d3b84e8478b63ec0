//! `dacapo log`: shows, exports, verifies and measures the log of a server, a store, or a file.

mod export;
mod parts;
mod show;
mod source;
mod stat;
mod verify;

use clap::Subcommand;

use super::failure::Outcome;

/// What to do with the log.
#[derive(Subcommand, Debug)]
pub enum LogCommand {
    Show(show::ShowArgs),
    Export(export::ExportArgs),
    Verify(verify::VerifyArgs),
    Stat(stat::StatArgs),
}

/// Runs the command.
pub async fn run(command: &LogCommand) -> Outcome {
    match command {
        LogCommand::Show(args) => show::run(args).await,
        LogCommand::Export(args) => export::run(args).await,
        LogCommand::Verify(args) => verify::run(args).await,
        LogCommand::Stat(args) => stat::run(args).await,
    }
}
