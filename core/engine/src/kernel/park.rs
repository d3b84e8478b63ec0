//! Work that did not fit into its step: it waits in a table until an internal command continues it.

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Debug;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Body, BodyError, Row, Sink, Visit, bodies};
use crate::record::{Intent, Key};

bodies! {
    /// What the kernel asks of itself.
    pub enum KernelCommand {
        /// Continue work that was parked.
        ContinueWork(ContinueWork) = 20 "work.continue" v 1,
        /// Take a text for a command, which it is not.
        ParseCommand(ParseCommand) = 23 "command.parse" v 1,
    }
}

/// Continue work that was parked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContinueWork {
    /// The parked work.
    #[serde(rename = "pk")]
    pub parked_key: Key,
}

/// Take a text for a command: what the inbox held was none. Always refused; its record is the answer to who put it there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParseCommand {
    /// Why the text is no command.
    #[serde(rename = "m")]
    pub reason: Arc<str>,
}

/// What happened in the kernel.
#[derive(Clone, Debug, PartialEq)]
pub enum KernelEvent<W: Work> {
    /// A step's budget was spent; the rest of its agenda waits.
    WorkParked(ParkedRow<W>),
    /// Parked work went back onto the agenda.
    WorkResumed(WorkResumed),
}

/// What an agenda holds.
pub trait Work: Row + Debug + PartialEq {}
impl<T: Row + Debug + PartialEq> Work for T {}

/// Parked work went back onto the agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkResumed {}

/// The rest of an agenda.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound = "W: Work")]
pub struct ParkedRow<W: Work> {
    /// The entity that the work belongs to.
    #[serde(rename = "su")]
    pub subject: Key,
    /// For whom the work is done.
    #[serde(rename = "tn")]
    pub tenant: Arc<str>,
    /// The work, in order.
    #[serde(rename = "w")]
    pub work: Vec<W>,
}

impl<W: Work> Visit for ParkedRow<W> {
    fn visit(&self, sink: &mut dyn Sink) {
        sink.structure("parked");
        sink.field("subject");
        self.subject.visit(sink);
        sink.field("tenant");
        self.tenant.visit(sink);
        sink.field("work");
        self.work.visit(sink);
        sink.end();
    }
}

const PARKED: Intent = Intent { number: 21, name: "work.parked" };
const RESUMED: Intent = Intent { number: 22, name: "work.resumed" };

impl<W: Work> Body for KernelEvent<W> {
    fn intent(&self) -> Intent {
        match self {
            Self::WorkParked(_) => PARKED,
            Self::WorkResumed(_) => RESUMED,
        }
    }

    fn version(&self) -> u16 {
        1
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::WorkParked(it) => it.serialize(serializer),
            Self::WorkResumed(it) => it.serialize(serializer),
        }
    }

    fn decode<'de, D: Deserializer<'de>>(
        number: u16,
        version: u16,
        deserializer: D,
    ) -> Result<Self, BodyError<D::Error>> {
        match (number, version) {
            (21, 1) => Deserialize::deserialize(deserializer)
                .map(Self::WorkParked)
                .map_err(BodyError::Fields),
            (22, 1) => Deserialize::deserialize(deserializer)
                .map(Self::WorkResumed)
                .map_err(BodyError::Fields),
            (21 | 22, _) => Err(BodyError::UnknownVersion { number, version }),
            _ => Err(BodyError::UnknownIntent(number)),
        }
    }

    fn intents() -> Vec<Intent> {
        vec![PARKED, RESUMED]
    }
}
