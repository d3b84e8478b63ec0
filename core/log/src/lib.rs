//! The part of the core that touches bytes: codec, hash chain, replay, and the partition protocol.

pub mod partition;
pub mod replay;
pub mod wire;
