//! STUB until the projection lands.
use dacapo_engine::record::Position;
use std::time::Duration;
/// Stub.
#[derive(Clone)]
pub struct Projection {}
/// Stub.
pub struct Lag {
    /// S.
    pub expected: Position,
    /// S.
    pub found: Position,
}
/// Stub.
#[derive(Debug, thiserror::Error)]
#[error("stub")]
pub struct ProjectionError {}
impl Projection {
    /// Stub.
    pub async fn wait_for(&self, _: Position, _: Duration) -> Result<(), Lag> {
        Ok(())
    }
    /// Stub.
    pub fn position(&self) -> Position {
        Position(0)
    }
}
/// Stub.
pub fn start(
    _: &crate::store::Store,
    _: dacapo_engine::record::PartitionId,
    mut committed: tokio::sync::mpsc::Receiver<
        dacapo_log::partition::Committed<dacapo_engine::process::Process>,
    >,
) -> (Projection, tokio::task::JoinHandle<Result<(), ProjectionError>>) {
    let ended = tokio::spawn(async move {
        while committed.recv().await.is_some() {}
        Ok(())
    });
    (Projection {}, ended)
}
