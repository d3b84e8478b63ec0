//! An engine that follows a stored log: chain checked, events evolved, commands not even decoded.

use std::sync::Arc;

use dacapo_engine::kernel::{Content, DigestMode, Engine, Frame, Machine, ReplayError};
use dacapo_engine::record::{BodyHash, Header, Position};

use super::body::{decode_control, is_control};
use super::decode::{decode_outcome, header};
use super::{Chain, ChainError, FrameView, Hash, ReadLimits, WireError, body_hash};

/// An engine and the end of the chain that it followed.
pub struct Follower<M: Machine> {
    engine: Engine<M>,
    chain: Chain,
    limits: ReadLimits,
    tenant: Arc<str>,
}

/// Why the next frame cannot be followed. The follower is not to be used any further.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FollowError {
    /// The bytes are not a frame.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The frame is not the next one, or not the one that was hashed.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The frame does not fit the state.
    #[error(transparent)]
    Replay(#[from] ReplayError),
}

impl<M: Machine> Follower<M> {
    /// Follows a log from its genesis.
    pub fn new(mode: DigestMode, limits: ReadLimits) -> Self {
        Self::from_engine(Engine::new(mode), [0; 32], limits)
    }

    /// Follows a log from where an engine stands.
    pub fn from_engine(engine: Engine<M>, hash: Hash, limits: ReadLimits) -> Self {
        let chain = Chain { position: engine.place().position, hash };
        Self { engine, chain, limits, tenant: Arc::default() }
    }

    /// Takes the next frame and returns the chain hash after it.
    ///
    /// # Errors
    ///
    /// Fails if the frame is not the next one, is damaged, or does not fit the state.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Hash, FollowError> {
        let view = FrameView::parse(bytes, &self.limits)?;
        let hash = self.chain.push(view.position, view.count, bytes)?;
        self.evolve(&view)?;
        Ok(hash)
    }

    /// Takes the next frame and compares the chain hash that is stored with it, before the state sees it.
    ///
    /// # Errors
    ///
    /// As [`Follower::push`].
    pub fn push_stored(&mut self, bytes: &[u8], expected: &Hash) -> Result<(), FollowError> {
        let view = FrameView::parse_checked(bytes)?;
        let found = self.chain.push(view.position, view.count, bytes)?;
        if found != *expected {
            let (position, expected) = (view.position, *expected);
            return Err(ChainError::Hash { position, expected, found }.into());
        }
        self.evolve(&view)
    }

    /// Returns the engine.
    pub fn engine(&self) -> &Engine<M> {
        &self.engine
    }

    /// Returns the engine, for reads that fill its caches.
    pub fn engine_mut(&mut self) -> &mut Engine<M> {
        &mut self.engine
    }

    /// Returns the end of the chain.
    pub fn chain(&self) -> Chain {
        self.chain
    }

    /// Returns the last position that was followed.
    pub fn position(&self) -> Position {
        self.chain.position
    }

    /// Ends following and returns the engine.
    pub fn into_engine(self) -> Engine<M> {
        self.engine
    }

    fn evolve(&mut self, view: &FrameView<'_>) -> Result<(), FollowError> {
        evolve_view(&mut self.engine, view, &mut self.tenant)
    }
}

/// Evolves an engine by a frame. `tenant` is memory: most frames have the tenant of the frame before.
pub(crate) fn evolve_view<M: Machine>(
    engine: &mut Engine<M>,
    view: &FrameView<'_>,
    tenant: &mut Arc<str>,
) -> Result<(), FollowError> {
    if is_control(view.command.intent) {
        let (command, position) = (&view.command, view.position);
        let control = decode_control(command.intent, command.version, command.body)
            .map_err(|problem| WireError::new(0, problem).at(position))?;
        let (content, digest) = (Content::Control(control), view.digest);
        engine.replay(&Frame { header: header(view), content, digest })?;
    } else {
        let outcome = decode_outcome::<M>(view)?;
        let header = brief_header(view, tenant);
        engine.replay_outcome(&header, &outcome, view.digest)?;
    }
    Ok(())
}

/// Makes a header of what replay reads.
fn brief_header(view: &FrameView<'_>, tenant: &mut Arc<str>) -> Header {
    if **tenant != *view.tenant {
        *tenant = view.tenant.into();
    }
    let request_id = view.command.request_id.map(Arc::from);
    let body_hash = match request_id {
        Some(_) => body_hash(view.command.body),
        None => BodyHash::default(),
    };
    Header {
        partition: view.partition,
        position: view.position,
        timestamp: view.timestamp,
        tenant: tenant.clone(),
        semantics: view.semantics,
        key: view.command.key,
        request_id,
        actor: None,
        correlation_id: None,
        trace: None,
        body_hash,
    }
}
