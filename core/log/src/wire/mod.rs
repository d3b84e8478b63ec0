//! Bytes: frames, the hash chain, log files and snapshots.

mod body;
mod chain;
mod code;
mod decode;
mod difference;
mod encode;
mod error;
mod file;
mod follower;
mod limits;
mod names;
mod parse;
mod printer;
mod read;
mod render;
mod scan;
pub mod snapshot;
mod stored;
mod token;
mod view;

pub use body::{CommandBody, command_intent, event_intent, read_value};
pub use chain::{Chain, ChainError, hex, leaf, next_hash};
pub use code::Coded;
pub use decode::{decode, decode_lone_command, decode_outcome, decode_view, header};
pub use difference::{Difference, first_difference};
pub use encode::{encode, encode_command, encode_with};
pub use error::{WireError, WireProblem};
pub use file::{
    LogFileError, LogFileHeader, LogFileItem, LogFileProblem, LogFileReader, LogFileWriter,
};
pub(crate) use follower::evolve_view;
pub use follower::{FollowError, Follower};
pub use limits::{FRAME_BYTES_MAX, ReadLimits};
pub use names::{ExtensionText, Names, ReadExtension, commands, events, kernel_fields};
pub use parse::{LoneCommand, ParseError, parse_command, read_command};
pub use printer::{Describe, Line, Printer};
pub use render::{body_json, frame_json};
pub use stored::{Hash, Head, OutcomeKind, StoredFrame};
pub use token::{DEPTH_MAX, EXTENSION_BLOB, EXTENSION_DECIMAL, EXTENSION_SEALED, EXTENSION_TIME};
pub use view::{CommandView, FrameView, RecordView, body_hash};
