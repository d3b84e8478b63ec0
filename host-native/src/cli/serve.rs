//! `dacapo serve` and `dacapo dev`: the server, until it is told to stop.

use std::io::{Write as _, stderr, stdout};

use clap::Args;
use dacapo::config::{Config, Settings, StoreAddress};
use dacapo::server::Server;
use dacapo_engine::record::Position;
use tracing_subscriber::EnvFilter;

use super::banner;
use super::client::Client;
use super::failure::{Exit, Failure, Outcome};
use super::paint::Paint;
use super::progress::{Progress, Unit};
use super::settings::SettingsArgs;
use crate::demo;

/// Runs the server
#[derive(Args, Debug)]
#[command(after_help = SERVE_HELP)]
pub struct ServeArgs {
    #[command(flatten)]
    settings: SettingsArgs,
}

/// Runs the server for development, with a demo in an empty log
#[derive(Args, Debug)]
#[command(after_help = DEV_HELP)]
pub struct DevArgs {
    /// Leave an empty log empty
    #[arg(long)]
    no_demo: bool,
    #[command(flatten)]
    settings: SettingsArgs,
}

/// Runs the server until it is told to stop.
pub async fn serve(args: &ServeArgs) -> Outcome {
    let config = args.settings.settings()?.complete()?;
    let server = start(&config).await?;
    say(&banner::facts(&config, server.address(), Paint::stdout()));
    until_stopped(server).await
}

/// Runs the server for development until it is told to stop.
pub async fn dev(args: &DevArgs) -> Outcome {
    let mut settings: Settings = args.settings.settings()?;
    settings.log.get_or_insert_with(|| "warn".to_owned());
    let config = settings.complete()?;
    let server = start(&config).await?;
    let paint = Paint::stdout();
    say(&banner::facts(&config, server.address(), paint));
    let address = banner::url(server.address());
    let client = Client::new(&address)?;
    if !args.no_demo {
        demo::play(&client).await?;
    }
    let stories = demo::stories(&client).await?;
    say(&banner::invitation(&config, &address, &stories, paint));
    until_stopped(server).await
}

/// Prints lines. Whether anybody still listens is no reason for a server to stop.
fn say(lines: &[String]) {
    let mut out = stdout().lock();
    for line in lines {
        let _ = writeln!(out, "{line}");
    }
    let _ = out.flush();
}

async fn start(config: &Config) -> Result<Server, Failure> {
    diagnostics(config)?;
    if let StoreAddress::Folder(folder) = &config.store {
        std::fs::create_dir_all(folder).map_err(|error| {
            Failure::refused(format!("expected a folder at {}: {error}", folder.display()))
        })?;
    }
    let (mut progress, mut reached) = (None, 0);
    let told = |position: Position, head: Position| {
        // Before the head is read, nobody knows how far there is to go.
        if head.0 == 0 {
            return;
        }
        let progress =
            progress.get_or_insert_with(|| Progress::new("replay", head.0, Unit::Records));
        progress.add(position.0.saturating_sub(reached));
        reached = position.0;
    };
    let started = Server::start_watched(config, told).await;
    if let Some(progress) = progress {
        progress.finish();
    }
    started.map_err(|error| {
        let failure = Failure::refused(error.to_string());
        let is_taken = error.to_string().contains("in use");
        if is_taken { failure.hint("any free port: --http 127.0.0.1:0") } else { failure }
    })
}

/// Writes diagnostics to standard error.
fn diagnostics(config: &Config) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&config.log).map_err(|error| {
        Failure::usage(format!("expected a filter of diagnostics such as warn: {error}"))
    })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    if config.has_json_log {
        builder.json().init();
    } else {
        builder.with_ansi(Paint::stderr().is_on()).init();
    }
    Ok(())
}

async fn until_stopped(server: Server) -> Outcome {
    tokio::select! {
        asked = stop_asked() => asked?,
        reason = server.failed() => return Err(Failure::refused(format!("the partition stopped: {reason}"))),
    }
    eprintln!("stopping: what was acknowledged is in the log");
    tokio::select! {
        stopped = server.stop() => {
            stopped.map_err(|error| Failure::refused(error.to_string()))?;
            Ok(Exit::Ok)
        }
        again = stop_asked() => {
            again?;
            Err(Failure::refused("stopped at once; the next start reads the log"))
        }
    }
}

/// Waits for Ctrl-C, or for the signal that a service manager sends.
async fn stop_asked() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            asked = tokio::signal::ctrl_c() => asked,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

const SERVE_HELP: &str = "\
Every flag is also a variable (DACAPO_…) and a key of the configuration file. Flags win over variables, variables over
the file, the file over defaults. Ctrl-C or SIGTERM stops the server after what it works on is committed.

Examples:
  dacapo serve --data-dir /var/lib/dacapo
  dacapo serve --database-url postgres://dacapo@localhost/dacapo --http 127.0.0.1:9090
  dacapo serve --database-url 'postgres://dacapo@db.example.org/dacapo?sslmode=verify-full'
  DACAPO_LOG_FORMAT=json dacapo serve --config /etc/dacapo.toml";

const DEV_HELP: &str = "\
Every flag is also a variable (DACAPO_…) and a key of the configuration file. Flags win over variables, variables over
the file, the file over defaults. The log stays in the folder .dacapo; delete it to start over.

Examples:
  dacapo dev
  dacapo dev --http 127.0.0.1:0          any free port; the banner tells which
  dacapo dev --database-url memory:      nothing is left when it stops
  dacapo dev --dev-clock --no-demo       an empty log and a clock that can be moved";
