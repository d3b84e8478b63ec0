//! Where the log is read from: a running server, a store that no server needs to hold, or a log file.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use dacapo::config::StoreAddress;
use dacapo::export::{self, Export, Span};
use dacapo::server::PARTITION;
use dacapo::store::{Reading, Store, StoreOptions};
use dacapo_engine::record::{Key, Position};
use dacapo_log::wire::{Item, LogFile, StoredFrame};

use crate::cli::client::{Client, ServerArgs};
use crate::cli::failure::Failure;
use crate::cli::settings::{FileArgs, StoreArgs};

/// Where the log is; without a flag, at the running server.
#[derive(Args, Clone, Debug)]
pub struct SourceArgs {
    /// Read a log file instead of asking a server
    #[arg(long, value_name = "FILE", conflicts_with_all = ["address", "data_dir", "database_url"])]
    file: Option<PathBuf>,
    #[command(flatten)]
    place: PlaceArgs,
}

/// Where a log is that is not a file.
#[derive(Args, Clone, Debug)]
pub struct PlaceArgs {
    #[command(flatten)]
    server: ServerArgs,
    /// Read the SQLite file in this folder instead of asking a server
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["address", "database_url"])]
    data_dir: Option<PathBuf>,
    /// Read this database instead of asking a server
    #[arg(long, value_name = "URL", conflicts_with = "address")]
    database_url: Option<String>,
}

/// A place that was found.
pub enum Place {
    /// A running server.
    Server(Client),
    /// A store.
    Store(Store),
}

/// A log that can be read.
pub enum Log {
    /// All of it is in memory.
    File(LogFile),
    /// It is read piece by piece.
    Store(Reading, Vec<StoredFrame>, u64),
}

/// A frame, or what stands for one.
pub enum Piece {
    /// The bytes of a frame, and the columns beside them if it comes from a store.
    Frame(Arc<[u8]>, Option<StoredFrame>),
    /// A frame whose bytes are not there.
    Leaf,
}

impl SourceArgs {
    /// Opens the log.
    pub async fn open(&self, span: Span) -> Result<Log, Failure> {
        if let Some(path) = &self.file {
            let bytes = std::fs::read(path).map_err(|error| {
                Failure::usage(format!("expected a log file at {}: {error}", path.display()))
            })?;
            return Ok(Log::File(parse(bytes)?));
        }
        match self.place.open().await? {
            Place::Server(client) => Ok(Log::File(parse(download(&client, span).await?)?)),
            Place::Store(store) if span.instance.is_some() => {
                Ok(Log::File(parse(export_all(&store, span).await?)?))
            }
            Place::Store(store) => read(&store, span).await,
        }
    }

    /// Returns the file, if the log is read from one.
    pub fn file(&self) -> Option<&PathBuf> {
        self.file.as_ref()
    }

    /// Returns the place, if the log is not read from a file.
    pub fn place(&self) -> &PlaceArgs {
        &self.place
    }
}

impl PlaceArgs {
    /// Finds the place: a store if a flag names one, else the server.
    pub async fn open(&self) -> Result<Place, Failure> {
        let store = StoreArgs {
            data_dir: self.data_dir.clone(),
            database_url: self.database_url.clone(),
        };
        if !store.is_given() {
            return Ok(Place::Server(self.server.client()?));
        }
        let address = store.address(&FileArgs::default())?;
        if let StoreAddress::Folder(folder) = &address
            && !folder.is_dir()
        {
            return Err(Failure::usage(format!("expected a folder at {}", folder.display())));
        }
        let options = StoreOptions::new(address.url(), export::names());
        let store = Store::open(options).await.map_err(|it| Failure::refused(it.to_string()))?;
        Ok(Place::Store(store))
    }
}

impl Log {
    /// Returns how many steps there are to come (of a file) or records (of a store), for a progress bar.
    pub fn total(&self) -> u64 {
        match self {
            Self::File(file) => file.items().len() as u64,
            Self::Store(_, _, total) => *total,
        }
    }

    /// Gives every piece to `each`, in order, with how far it brings the progress.
    pub async fn for_each(
        self,
        mut each: impl FnMut(Piece, u64) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        match self {
            Self::File(file) => file.items().iter().try_for_each(|it| each(piece(&file, it), 1)),
            Self::Store(mut reading, mut frames, _) => loop {
                for frame in frames {
                    let count = u64::from(frame.count);
                    each(Piece::Frame(frame.body.clone(), Some(frame)), count)?;
                }
                frames = next(&mut reading).await?;
                if frames.is_empty() {
                    return Ok(());
                }
            },
        }
    }
}

/// Downloads a log file.
pub async fn download(client: &Client, span: Span) -> Result<Vec<u8>, Failure> {
    let mut response = client.stream(&path(span)).await?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|it| client.broken(&it))? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Returns where the server has the log file.
pub fn path(span: Span) -> String {
    let Key(instance) = span.instance.unwrap_or_default();
    if instance != 0 {
        return format!("/v1/instances/{instance}/export");
    }
    let to = span.to.map(|it| format!("&to={it}", it = it.0)).unwrap_or_default();
    format!("/v1/log/file?from={}{to}", span.from.0)
}

/// Makes a log file of a store, in memory.
pub async fn export_all(store: &Store, span: Span) -> Result<Vec<u8>, Failure> {
    let refused = |it: export::ExportError| Failure::refused(it.to_string());
    let mut export = Export::begin(store, PARTITION, span).await.map_err(refused)?;
    let mut bytes = Vec::new();
    while let Some((more, _)) = export.next().await.map_err(refused)? {
        bytes.extend(more);
    }
    Ok(bytes)
}

fn parse(bytes: Vec<u8>) -> Result<LogFile, Failure> {
    LogFile::parse(bytes.into())
        .map_err(|error| Failure::new(crate::cli::failure::Exit::Incident, error.to_string()))
}

async fn read(store: &Store, span: Span) -> Result<Log, Failure> {
    let head = store.head(PARTITION).await.map_err(|it| Failure::refused(it.to_string()))?;
    let head = head.map_or(Position(0), |it| it.position);
    let to = span.to.unwrap_or(head).min(head);
    let mut reading = store.reading(PARTITION, span.from, to);
    let first = next(&mut reading).await?;
    Ok(Log::Store(reading, first, (to.0 + 1).saturating_sub(span.from.0)))
}

async fn next(reading: &mut Reading) -> Result<Vec<StoredFrame>, Failure> {
    reading.next(FRAMES_PER_READ).await.map_err(|it| Failure::refused(it.to_string()))
}

fn piece(file: &LogFile, item: &Item) -> Piece {
    match item {
        Item::Frame(range) => Piece::Frame(file.frame(range).into(), None),
        Item::Leaf { .. } => Piece::Leaf,
    }
}

const FRAMES_PER_READ: u32 = 500;
