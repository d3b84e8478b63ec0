//! STUB until the projection lands.
use dacapo_engine::record::Position;
use std::time::Duration;
/// Stub.
#[derive(Clone)]
pub struct ProjectionHandle {}
impl ProjectionHandle {
    /// Stub.
    pub async fn wait_for(&self, _: Position, _: Duration) -> bool {
        true
    }
    /// Stub.
    pub fn position(&self) -> Position {
        Position(0)
    }
}
