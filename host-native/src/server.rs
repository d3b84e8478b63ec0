//! The server: a store, a partition, its read model, and HTTP.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::net::SocketAddr;
use std::sync::Arc;

use dacapo_engine::process::{FIELDS, Process};
use dacapo_engine::record::{PartitionId, Position};
use dacapo_log::partition::{Settings, StopReason};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use crate::config::Config;
use crate::http::{Api, listen, router};
use crate::metrics;
use crate::partition::{Options, PartitionHandle, Standing, TakeError, take};
use crate::projection::{self, ProjectionError};
use crate::store::{Names, Store, StoreError, StoreOptions};

/// A server that runs.
pub struct Server {
    address: SocketAddr,
    partition: PartitionHandle,
    ended: JoinHandle<Result<StopReason, TakeError>>,
    projected: JoinHandle<Result<(), ProjectionError>>,
    listening: JoinHandle<()>,
    stop: watch::Sender<bool>,
    store: Store,
}

/// Why a server does not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The address cannot be listened on.
    #[error("expected to listen on {address}, found: {error}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        error: std::io::Error,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The partition cannot be taken.
    #[error(transparent)]
    Take(#[from] TakeError),
    /// The partition stopped by itself.
    #[error("expected the partition to run on, found that it stopped: {0}")]
    Stopped(String),
}

impl Server {
    /// Starts a server; returns when it takes commands. HTTP answers from the moment the store is open, so that probes see
    /// how far the log is read.
    ///
    /// # Errors
    /// The store cannot be opened, the address cannot be listened on, or the log cannot be read.
    pub async fn start(config: &Config) -> Result<Self, ServerError> {
        Self::start_watched(config, |_, _| ()).await
    }

    /// Starts a server and tells on the way how far the log is read: to which position, of which.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub async fn start_watched(
        config: &Config,
        told: impl FnMut(Position, Position),
    ) -> Result<Self, ServerError> {
        metrics::install();
        let listener = bind(config).await?;
        let address = listener
            .local_addr()
            .map_err(|error| ServerError::Listen { address: config.http, error })?;
        let store = open(config).await?;
        let options = Options {
            partition: PARTITION,
            holder: holder(address),
            durability: store.durability(),
            seed: (random(), random()),
            settings: Settings::default(),
        };
        let taken = take(store.clone(), options);
        let (projection, projected) = projection::start(&store, PARTITION, taken.committed);
        let (stop, stopped) = watch::channel(false);
        let api = Api {
            partition: taken.handle.clone(),
            projection,
            store: store.clone(),
            address,
            has_dev_clock: config.has_dev_clock,
            replays: Arc::new(Semaphore::new(REPLAYS_MAX)),
            streams: Arc::new(Semaphore::new(STREAMS_MAX)),
            waits: Arc::new(Semaphore::new(WAITS_MAX)),
        };
        let listening = tokio::spawn(listen(listener, router(api), stopped));
        let server = Self {
            address,
            partition: taken.handle,
            ended: taken.ended,
            projected,
            listening,
            stop,
            store,
        };
        server.taken(told).await
    }

    /// Returns where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns when the partition has stopped by itself: another program has taken it, or the store failed for good.
    pub async fn failed(&self) -> String {
        let mut standing = self.partition.watch_standing();
        let stopped = standing.wait_for(|it| matches!(it, Standing::Stopped(_))).await;
        stopped.map_or_else(|_| "it is gone".to_owned(), |it| it.to_string())
    }

    /// Stops the server: nothing new is taken, what has begun is committed and answered, and the log is left as one that
    /// needs no second look.
    ///
    /// # Errors
    /// The partition had stopped by itself before.
    pub async fn stop(self) -> Result<(), ServerError> {
        self.partition.stop().await;
        let ended = self.ended.await;
        self.stop.send_replace(true);
        let _ = self.listening.await;
        if let Ok(Err(error)) = self.projected.await {
            tracing::error!(%error, "the read model was not written to its end");
        }
        self.store.close().await;
        match ended {
            Ok(Ok(StopReason::Asked)) => Ok(()),
            Ok(Ok(reason)) => Err(ServerError::Stopped(reason.to_string())),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(ServerError::Stopped("its task ended early".to_owned())),
        }
    }

    /// Waits until commands are taken.
    async fn taken(self, mut told: impl FnMut(Position, Position)) -> Result<Self, ServerError> {
        let mut standing = self.partition.watch_standing();
        let is_read = |it: &Standing| match it {
            Standing::Replaying { position, head } => {
                told(*position, *head);
                false
            }
            _ => true,
        };
        let reached = standing.wait_for(is_read).await;
        let has_stopped = reached.map_or(true, |it| matches!(*it, Standing::Stopped(_)));
        if !has_stopped {
            return Ok(self);
        }
        match self.stop().await {
            Ok(()) => Err(ServerError::Stopped("it was asked to".to_owned())),
            Err(error) => Err(error),
        }
    }
}

/// Listens. That the address is safe without authentication is checked where the configuration is completed.
async fn bind(config: &Config) -> Result<TcpListener, ServerError> {
    let address = config.http;
    TcpListener::bind(address).await.map_err(|error| ServerError::Listen { address, error })
}

async fn open(config: &Config) -> Result<Store, StoreError> {
    let names = Names::of::<Process>(FIELDS);
    let mut options = StoreOptions::new(config.store.url(), names);
    options.durability = config.durability;
    Store::open(options).await
}

fn holder(address: SocketAddr) -> Arc<str> {
    format!("{address}, process {}", std::process::id()).into()
}

/// Draws 64 bits for the seed of an empty log. It is no secret: it only makes two logs draw differently.
pub(crate) fn random() -> u64 {
    // The keys of the hasher come from the system.
    RandomState::new().build_hasher().finish()
}

/// A tenant lives in one partition, and a server without further configuration has one.
pub const PARTITION: PartitionId = PartitionId(1);
const REPLAYS_MAX: usize = 2;
const STREAMS_MAX: usize = 256;
const WAITS_MAX: usize = 8_192;
