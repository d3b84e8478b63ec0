//! The engine inside a program: a store, a partition and its read model, without HTTP.
//!
//! What a server does for its clients, this does for the program that it is a part of: commands are durable before they are
//! answered, timers fire, and everything stands in the log. One program at a time may hold a store.

use std::sync::Arc;

use dacapo_engine::feel::json::{self, JsonLimits};
use dacapo_engine::feel::{Context, Value};
use dacapo_engine::kernel::{AnyEvent, Content, Frame, Outcome};
use dacapo_engine::process::commands::{
    ActivateJobs, CompleteJob, CreateInstance, Deploy, Resource,
};
use dacapo_engine::process::state::Bytes;
use dacapo_engine::process::view::JobView;
use dacapo_engine::process::{Command, Event, FIELDS, Process};
use dacapo_engine::record::{Key, Rejection};
use dacapo_log::partition::{Settings, StopReason};
use tokio::task::JoinHandle;

use crate::partition::{
    Caller, Options, PartitionHandle, Reply, Standing, SubmitError, TakeError, take,
};
use crate::projection::{self, ProjectionError};
use crate::server::{PARTITION, random};
use crate::store::{Names, Store, StoreError, StoreOptions};

/// An engine that runs in this program until it is closed.
pub struct Embedded {
    partition: PartitionHandle,
    ended: JoinHandle<Result<StopReason, TakeError>>,
    projected: JoinHandle<Result<(), ProjectionError>>,
    store: Store,
}

/// Why the engine did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddedError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log.
    #[error(transparent)]
    Take(#[from] TakeError),
    /// The engine does not run any more.
    #[error("expected the engine to run, found that it stopped: {0}")]
    Stopped(String),
    /// The command was not taken.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// The command was refused; the refusal stands in the log.
    #[error("{}: {}", .0.code.name, .0.reason)]
    Rejected(Rejection),
    /// The variables are not a JSON object.
    #[error("expected variables as a JSON object, found {0}")]
    Variables(String),
}

impl Embedded {
    /// Opens a store (`sqlite://<file>`, `postgres://…` or `memory:`) and takes over its log; returns when it takes commands.
    ///
    /// # Errors
    /// The store cannot be opened, or its log cannot be read.
    pub async fn open(url: &str) -> Result<Self, EmbeddedError> {
        let names = Names::of::<Process>(FIELDS);
        let store = Store::open(StoreOptions::new(url, names)).await?;
        let options = Options {
            partition: PARTITION,
            holder: format!("process {}", std::process::id()).into(),
            durability: store.durability(),
            seed: (random(), random()),
            settings: Settings::default(),
        };
        let taken = take(store.clone(), options);
        let (_, projected) = projection::start(&store, PARTITION, taken.committed);
        let engine = Self { partition: taken.handle, ended: taken.ended, projected, store };
        engine.taken().await
    }

    /// Has any command decided and returns it with its outcome; none if there was nothing to do.
    ///
    /// # Errors
    /// The command was refused or could not be taken.
    pub async fn submit(
        &self,
        command: impl Into<Command>,
    ) -> Result<Option<Arc<Frame<Process>>>, EmbeddedError> {
        let caller = Caller { tenant: TENANT.into(), ..Caller::default() };
        match self.partition.submit(command, None, caller).await? {
            Reply::Done(frame) => match &frame.content {
                Content::Step(_, Outcome::Rejected(it)) => Err(EmbeddedError::Rejected(it.clone())),
                Content::Step(_, Outcome::Events(_)) | Content::Control(_) => Ok(Some(frame)),
            },
            // Without a request id, nothing is a repetition.
            Reply::Nothing | Reply::Duplicate(_) => Ok(None),
        }
    }

    /// Deploys a BPMN file.
    ///
    /// # Errors
    /// The file is refused, with every problem; or as [`Embedded::submit`].
    pub async fn deploy(&self, name: &str, content: &[u8]) -> Result<(), EmbeddedError> {
        let resource = Resource { resource_name: name.into(), content: Bytes(content.into()) };
        self.submit(Deploy { resources: vec![resource] }).await.map(|_| ())
    }

    /// Creates an instance of the newest version of a process; `variables` is a JSON object.
    ///
    /// # Errors
    /// The variables are not an object; or as [`Embedded::submit`].
    pub async fn create(&self, process_id: &str, variables: &str) -> Result<Key, EmbeddedError> {
        let command = CreateInstance {
            process_id: Some(process_id.into()),
            version: None,
            process_definition_key: None,
            variables: context(variables)?,
            tags: None,
            business_id: None,
        };
        let frame = self.submit(command).await?;
        let created = frame.as_deref().and_then(created);
        created.ok_or_else(|| EmbeddedError::Stopped("no instance was created".to_owned()))
    }

    /// Takes jobs of a type, the oldest first, for at most `timeout_ms` milliseconds.
    ///
    /// # Errors
    /// As [`Embedded::submit`].
    pub async fn activate(
        &self,
        job_type: &str,
        jobs_max: u32,
        timeout_ms: i64,
    ) -> Result<Vec<JobView>, EmbeddedError> {
        let command = ActivateJobs {
            job_type: job_type.into(),
            worker: "embedded".into(),
            timeout_ms,
            jobs_max,
            fetch_variables: None,
        };
        let Some(frame) = self.submit(command).await? else { return Ok(Vec::new()) };
        let jobs = self.partition.activated(frame.header.position).await?;
        Ok(jobs.unwrap_or_default())
    }

    /// Completes a job; `variables` is a JSON object.
    ///
    /// # Errors
    /// The variables are not an object; or as [`Embedded::submit`].
    pub async fn complete(&self, job_key: Key, variables: &str) -> Result<(), EmbeddedError> {
        self.submit(CompleteJob { job_key, variables: context(variables)? }).await.map(|_| ())
    }

    /// Returns the store, for searches and for the log.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the way into the partition, for everything else.
    pub fn partition(&self) -> &PartitionHandle {
        &self.partition
    }

    /// Ends what has begun and closes the store.
    ///
    /// # Errors
    /// The engine had stopped by itself before.
    pub async fn close(self) -> Result<(), EmbeddedError> {
        self.partition.stop().await;
        let ended = self.ended.await;
        if let Ok(Err(error)) = self.projected.await {
            tracing::error!(%error, "the read model was not written to its end");
        }
        self.store.close().await;
        match ended {
            Ok(Ok(StopReason::Asked)) => Ok(()),
            Ok(Ok(reason)) => Err(EmbeddedError::Stopped(reason.to_string())),
            Ok(Err(error)) => Err(error.into()),
            Err(error) => Err(EmbeddedError::Stopped(error.to_string())),
        }
    }

    async fn taken(self) -> Result<Self, EmbeddedError> {
        let mut standing = self.partition.watch_standing();
        let reached = standing.wait_for(|it| !matches!(it, Standing::Replaying { .. })).await;
        let has_stopped = reached.map_or(true, |it| matches!(*it, Standing::Stopped(_)));
        if !has_stopped {
            return Ok(self);
        }
        self.close().await.and(Err(EmbeddedError::Stopped("it was asked to".to_owned())))
    }
}

fn created(frame: &Frame<Process>) -> Option<Key> {
    let Content::Step(_, Outcome::Events(events)) = &frame.content else { return None };
    let is_created =
        |event: &AnyEvent<Process>| matches!(event, AnyEvent::Machine(Event::InstanceCreated(_)));
    events.iter().find(|it| is_created(&it.event)).map(|it| it.key)
}

fn context(text: &str) -> Result<Context, EmbeddedError> {
    match json::parse(text, &JsonLimits::default()) {
        Ok(Value::Context(context)) => Ok(Arc::unwrap_or_clone(context)),
        Ok(other) => Err(EmbeddedError::Variables(other.type_name().to_owned())),
        Err(error) => Err(EmbeddedError::Variables(error.to_string())),
    }
}

/// The tenant of a program that has only one.
const TENANT: &str = "<default>";
