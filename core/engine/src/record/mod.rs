//! What a log is made of: plain types, no behavior.

mod control;
pub mod hash;
mod header;
mod intent;
mod key;
mod limits;
mod position;
mod rejection;

pub use control::{Control, Durability, FORMAT_VERSION, Genesis, SEMANTICS};
pub use header::{BodyHash, Header};
pub use intent::{Field, Intent};
pub use key::{Key, KeyParts};
pub use limits::Limits;
pub use position::{PartitionId, Position, Timestamp};
pub use rejection::{Rejection, RejectionClass, RejectionCode};
