//! A log file that comes in parts, so that none is too large: from disk, from a server, or written as it is read.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use dacapo::export::{Export, ExportError, Span};
use dacapo::server::PARTITION;
use dacapo::store::Store;
use dacapo_log::wire::{Chain, LogFileError, LogFileItem, LogFileStream, ReadLimits};
use reqwest::Response;

use super::source::{Piece, path};
use crate::cli::client::Client;
use crate::cli::failure::{Exit, Failure};
use crate::cli::progress::{Progress, Unit};

/// A log file, and how far it was read.
pub struct Parts {
    source: Source,
    stream: LogFileStream,
    /// In bytes; 0 if nobody knows.
    total: u64,
}

enum Source {
    File(File),
    Answer(Box<(Client, Response)>),
    Export(Box<Export>),
}

impl Parts {
    /// Reads a file on disk.
    pub fn of_file(path: &Path) -> Result<Self, Failure> {
        let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
        let (metadata, file) = opened.map_err(|error| {
            Failure::usage(format!("expected a log file at {}: {error}", path.display()))
        })?;
        Ok(Self::new(Source::File(file), metadata.len()))
    }

    /// Asks a server.
    pub async fn of_server(client: Client, span: Span) -> Result<Self, Failure> {
        let response = client.stream(&path(span)).await?;
        let total = response.content_length().unwrap_or_default();
        Ok(Self::new(Source::Answer(Box::new((client, response))), total))
    }

    /// Exports from a store.
    pub async fn of_store(store: &Store, span: Span) -> Result<Self, Failure> {
        let export = Export::begin(store, PARTITION, span).await.map_err(|it| refused(&it))?;
        Ok(Self::new(Source::Export(Box::new(export)), 0))
    }

    fn new(source: Source, total: u64) -> Self {
        Self { source, stream: LogFileStream::new(ReadLimits::UNTRUSTED), total }
    }

    /// Returns where the chain stands before the first frame.
    pub async fn before(&mut self) -> Result<Chain, Failure> {
        loop {
            if let Some(header) = self.stream.header().map_err(|it| damaged(&it))? {
                return Ok(header.before);
            }
            let Some(bytes) = self.next().await? else {
                let none = LogFileStream::new(ReadLimits::UNTRUSTED);
                let cut = std::mem::replace(&mut self.stream, none).finish();
                return cut.map(|()| Chain::default()).map_err(|it| damaged(&it));
            };
            self.stream.push(&bytes);
        }
    }

    /// Gives every piece to `each`, in order, until it returns false or the log is over. The chain is checked on the way.
    pub async fn for_each(
        mut self,
        what: &'static str,
        mut each: impl FnMut(Piece<'_>) -> Result<bool, Failure>,
    ) -> Result<(), Failure> {
        let mut progress = Progress::new(what, self.total, Unit::Bytes);
        loop {
            let mut goes_on = true;
            self.stream.read(|item| {
                goes_on = each(piece(&item)).map_err(Stop::Failed)?;
                Ok::<_, Stop>(goes_on)
            })?;
            if !goes_on {
                progress.finish();
                return Ok(());
            }
            let Some(bytes) = self.next().await? else { break };
            progress.add(bytes.len() as u64);
            self.stream.push(&bytes);
        }
        progress.finish();
        self.stream.finish().map_err(|it| damaged(&it))
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        match &mut self.source {
            Source::File(file) => {
                let mut bytes = Vec::with_capacity(PART_BYTES as usize);
                file.take(PART_BYTES).read_to_end(&mut bytes)?;
                Ok((!bytes.is_empty()).then_some(bytes))
            }
            Source::Answer(answer) => {
                let (client, response) = &mut **answer;
                let chunk = response.chunk().await.map_err(|it| client.broken(&it))?;
                Ok(chunk.map(Vec::from))
            }
            Source::Export(export) => {
                let more = export.next().await.map_err(|it| refused(&it))?;
                Ok(more.map(|(bytes, _)| bytes))
            }
        }
    }
}

/// What ends the reading of a file.
enum Stop {
    Damaged(LogFileError),
    Failed(Failure),
}

impl From<LogFileError> for Stop {
    fn from(error: LogFileError) -> Self {
        Self::Damaged(error)
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Damaged(error) => damaged(&error),
            Stop::Failed(failure) => failure,
        }
    }
}

fn piece<'a>(item: &LogFileItem<'a>) -> Piece<'a> {
    match *item {
        LogFileItem::Frame { bytes, .. } => Piece::Frame(bytes),
        LogFileItem::Leaf { leaf, position, count, .. } => Piece::Leaf(position, count, leaf),
    }
}

fn damaged(error: &LogFileError) -> Failure {
    Failure::new(Exit::Incident, error.to_string())
}

fn refused(error: &ExportError) -> Failure {
    Failure::refused(error.to_string())
}

const PART_BYTES: u64 = 1 << 20;
