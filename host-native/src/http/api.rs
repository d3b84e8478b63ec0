//! What every handler has at hand.

use std::net::SocketAddr;

use dacapo_engine::record::Position;

use crate::partition::PartitionHandle;

/// What every handler has at hand.
#[derive(Clone)]
pub struct Api {
    /// The way into the partition.
    pub partition: PartitionHandle,
    /// Where the server listens.
    pub address: SocketAddr,
}

impl Api {
    /// Returns how far the read model is.
    pub fn projected(&self) -> Position {
        Position(0)
    }
}
