//! Where the log is read from: a running server, a store that no server needs to hold, or a log file.

use std::path::PathBuf;

use clap::Args;
use dacapo::config::{StoreAddress, database_url};
use dacapo::export::Span;
use dacapo::server::PARTITION;
use dacapo::store::{Names, Reading, Store, StoreOptions};
use dacapo_engine::process::{FIELDS, Process};
use dacapo_engine::record::{Key, Position};
use dacapo_log::wire::{Chain, Hash, StoredFrame};

use super::parts::Parts;
use crate::cli::client::{Client, ServerArgs};
use crate::cli::failure::Failure;
use crate::cli::progress::{Progress, Unit};

/// Where the log is; without a flag, at the running server.
#[derive(Args, Clone, Debug)]
pub struct SourceArgs {
    /// Read a log file instead of asking a server
    #[arg(long, value_name = "FILE", conflicts_with_all = ["address", "data_dir", "database_url"])]
    file: Option<PathBuf>,
    #[command(flatten)]
    pub place: PlaceArgs,
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
    /// A log file.
    File(Box<Parts>),
    /// A store, and how many records there are to read.
    Store(Reading, u64),
}

/// A frame, or what stands for one.
pub enum Piece<'a> {
    /// The bytes of a frame in a file.
    Frame(&'a [u8]),
    /// A frame of a store, with its columns.
    Stored(&'a StoredFrame),
    /// A frame whose bytes are not there.
    Leaf(Position, u32, Hash),
}

impl SourceArgs {
    /// Opens the log.
    pub async fn open(&self, span: Span) -> Result<Log, Failure> {
        if let Some(path) = &self.file {
            return Parts::of_file(path).map(Log::of_parts);
        }
        match self.place.open().await? {
            Place::Server(client) => Parts::of_server(client, span).await.map(Log::of_parts),
            Place::Store(store) if span.instance.is_some() => {
                Parts::of_store(&store, span).await.map(Log::of_parts)
            }
            Place::Store(store) => read(&store, span).await,
        }
    }

    /// Returns whether the log is read from a file.
    pub fn is_file(&self) -> bool {
        self.file.is_some()
    }
}

impl PlaceArgs {
    /// Finds the place: a store if a flag names one, else the server.
    pub async fn open(&self) -> Result<Place, Failure> {
        let address = match (&self.data_dir, &self.database_url) {
            (Some(folder), _) if !folder.is_dir() => {
                return Err(Failure::usage(format!("expected a folder at {}", folder.display())));
            }
            (Some(folder), _) => StoreAddress::Folder(folder.clone()),
            (None, Some(url)) => match database_url(url) {
                Some(url) => StoreAddress::Url(url),
                None => return Err(Failure::usage(format!("expected a database URL: {url}"))),
            },
            (None, None) => return Ok(Place::Server(self.server.client()?)),
        };
        let options = StoreOptions::new(address.url(), Names::of::<Process>(FIELDS));
        let store = Store::open(options).await.map_err(|it| {
            let failure = Failure::refused(it.to_string());
            failure.hint("if a server runs on it, ask that: leave the flag out")
        })?;
        Ok(Place::Store(store))
    }
}

impl Log {
    fn of_parts(parts: Parts) -> Self {
        Self::File(Box::new(parts))
    }

    /// Gives every piece to `each`, in order, until it returns false or the log is over.
    ///
    /// Nothing is read whole; a file is checked for its hash chain on the way.
    pub async fn for_each(
        self,
        what: &'static str,
        each: impl FnMut(Piece<'_>) -> Result<bool, Failure>,
    ) -> Result<(), Failure> {
        match self {
            Self::File(parts) => parts.for_each(what, each).await,
            Self::Store(reading, total) => each_of_store(reading, total, what, each).await,
        }
    }

    /// Returns where the chain stands before the first frame; zero for a store, which is read from its beginning.
    pub async fn before(&mut self) -> Result<Chain, Failure> {
        match self {
            Self::File(parts) => parts.before().await,
            Self::Store(..) => Ok(Chain::default()),
        }
    }
}

/// Returns where the server has the log file.
pub fn path(span: Span) -> String {
    match span.instance {
        Some(Key(instance)) => format!("/v1/instances/{instance}/export"),
        None => {
            let to = span.to.map(|it| format!("&to={}", it.0)).unwrap_or_default();
            format!("/v1/log/file?from={}{to}", span.from.0)
        }
    }
}

async fn each_of_store(
    mut reading: Reading,
    total: u64,
    what: &'static str,
    mut each: impl FnMut(Piece<'_>) -> Result<bool, Failure>,
) -> Result<(), Failure> {
    let mut progress = Progress::new(what, total, Unit::Records);
    loop {
        let frames =
            reading.next(FRAMES_PER_READ).await.map_err(|it| Failure::refused(it.to_string()))?;
        for frame in &frames {
            if !each(Piece::Stored(frame))? {
                return Ok(());
            }
            progress.add(u64::from(frame.count));
        }
        if frames.is_empty() {
            progress.finish();
            return Ok(());
        }
    }
}

async fn read(store: &Store, span: Span) -> Result<Log, Failure> {
    let head = store.head(PARTITION).await.map_err(|it| Failure::refused(it.to_string()))?;
    let head = head.map_or(Position(0), |it| it.position);
    let to = span.to.unwrap_or(head).min(head);
    // The step that holds a record may begin before it.
    let frame = store.read_one(PARTITION, span.from).await;
    let frame = frame.map_err(|it| Failure::refused(it.to_string()))?;
    let from = frame.map_or(span.from, |it| it.position);
    let total = (to.0 + 1).saturating_sub(from.0);
    Ok(Log::Store(store.reading(PARTITION, from, to), total))
}

const FRAMES_PER_READ: u32 = 500;
