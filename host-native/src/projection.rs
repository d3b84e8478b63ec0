//! STUB until the projection lands.
use std::time::Duration;
use dacapo_engine::record::Position;
/// Stub.
#[derive(Clone)]
pub struct ProjectionHandle {}
impl ProjectionHandle {
    /// Stub.
    pub async fn wait_for(&self, _: Position, _: Duration) -> bool { true }
    /// Stub.
    pub fn position(&self) -> Position { Position(0) }
}

/// Stub.
pub struct Projection {
    /// Stub.
    pub handle: ProjectionHandle,
    /// Stub.
    pub ended: tokio::task::JoinHandle<()>,
}
impl Projection {
    /// Stub.
    pub fn start(_: crate::store::Store, _: dacapo_engine::record::PartitionId, mut committed: tokio::sync::mpsc::Receiver<dacapo_log::partition::Committed<dacapo_engine::process::Process>>) -> Self {
        let ended = tokio::spawn(async move { while committed.recv().await.is_some() {} });
        Self { handle: ProjectionHandle {}, ended }
    }
}
