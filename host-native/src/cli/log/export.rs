//! `dacapo log export`: the log, or the slice of one instance, as a file that verifies anywhere.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use dacapo::export::{Export, ExportError, Span};
use dacapo::server::PARTITION;
use dacapo_engine::record::Key;

use super::source::{Place, PlaceArgs, path};
use crate::cli::failure::{Exit, Failure, Outcome};
use crate::cli::progress::{Progress, Unit};
use crate::cli::why::resolve;

/// Writes the log to a file that verifies anywhere
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub struct ExportArgs {
    /// The file to write; it must not exist
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Only what touched this instance (a key, @last or @incident); hashes stand for the rest
    #[arg(long, value_name = "INSTANCE")]
    instance: Option<String>,
    /// Overwrite the file
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    place: PlaceArgs,
}

/// Runs the command. A file that could not be finished is removed.
pub async fn run(args: &ExportArgs) -> Outcome {
    let place = args.place.open().await?;
    let instance = match (&args.instance, &place) {
        (Some(argument), Place::Server(client)) => Some(resolve(client, argument).await?),
        (Some(argument), Place::Store(_)) => Some(key(argument)?),
        (None, _) => None,
    };
    let span = Span { instance, ..Span::ALL };
    let file = create(&args.out, args.force)?;
    match write(&place, span, BufWriter::new(file)).await {
        Ok(bytes) => {
            eprintln!("{} bytes in {}", bytes, args.out.display());
            Ok(Exit::Ok)
        }
        Err(failure) => {
            // The failure is what is told; a file that stays behind is found out by its missing end.
            let _ = std::fs::remove_file(&args.out);
            Err(failure)
        }
    }
}

async fn write(place: &Place, span: Span, mut out: impl Write) -> Result<u64, Failure> {
    let mut written = 0;
    match place {
        Place::Server(client) => {
            let mut response = client.stream(&path(span)).await?;
            while let Some(chunk) = response.chunk().await.map_err(|it| client.broken(&it))? {
                out.write_all(&chunk)?;
                written += chunk.len() as u64;
            }
        }
        Place::Store(store) => {
            let refused = |it: ExportError| Failure::refused(it.to_string());
            let mut export = Export::begin(store, PARTITION, span).await.map_err(refused)?;
            let mut progress = Progress::new("export", export.total(), Unit::Records);
            while let Some((bytes, records)) = export.next().await.map_err(refused)? {
                out.write_all(&bytes)?;
                written += bytes.len() as u64;
                progress.add(records);
            }
            progress.finish();
        }
    }
    out.flush()?;
    Ok(written)
}

fn create(path: &Path, force: bool) -> Result<File, Failure> {
    let mut options = File::options();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    options.open(path).map_err(|error| {
        let failure =
            Failure::usage(format!("expected to make a file at {}: {error}", path.display()));
        let exists = error.kind() == std::io::ErrorKind::AlreadyExists;
        if exists { failure.hint("overwrite it: --force") } else { failure }
    })
}

fn key(text: &str) -> Result<Key, Failure> {
    text.parse().map(Key).map_err(|_| {
        Failure::usage(format!("expected an instance key without a server, found `{text}`"))
    })
}

const HELP: &str = "\
The file holds the bytes of the log as they are stored, chained by hash. An export of one instance shows the steps that
touched it and what they build on, and carries a hash for every other one, so that its chain still verifies. The studio plays it.

Examples:
  dacapo log export --out day.dacapo
  dacapo log export --instance @incident --out case.dacapo
  dacapo log export --data-dir .dacapo --out day.dacapo      without a server";
