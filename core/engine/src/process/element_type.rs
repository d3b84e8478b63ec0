//! What kinds of elements there are, as the log and the Camunda 8 API name them.

use core::fmt;

use serde::de::{Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::bpmn::ElementKind;
use crate::kernel::{Sink, Visit};

/// Defines the types with their numbers in the digest and their names in the log and the API.
macro_rules! element_types {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal $name:literal,)+) => {
        /// A kind of element; a name in the log, a number in the digest.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum ElementType { $($(#[doc = $doc])+ $variant = $code,)+ }

        impl ElementType {
            /// All types.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns the name that the Camunda 8 API has for it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// Returns the number in the digest.
            pub const fn code(self) -> u8 {
                self as u8
            }
        }
    };
}

element_types! {
    /// A process instance.
    Process = 1 "PROCESS",
    /// An embedded sub-process.
    SubProcess = 2 "SUB_PROCESS",
    /// A start event.
    StartEvent = 10 "START_EVENT",
    /// An end event.
    EndEvent = 11 "END_EVENT",
    /// An intermediate catch event.
    IntermediateCatchEvent = 12 "INTERMEDIATE_CATCH_EVENT",
    /// A boundary event.
    BoundaryEvent = 13 "BOUNDARY_EVENT",
    /// A service task.
    ServiceTask = 20 "SERVICE_TASK",
    /// A script task.
    ScriptTask = 21 "SCRIPT_TASK",
    /// A manual task.
    ManualTask = 22 "MANUAL_TASK",
    /// A task without a type.
    UndefinedTask = 23 "TASK",
    /// A receive task.
    ReceiveTask = 24 "RECEIVE_TASK",
    /// A business rule task.
    BusinessRuleTask = 25 "BUSINESS_RULE_TASK",
    /// An exclusive gateway.
    ExclusiveGateway = 30 "EXCLUSIVE_GATEWAY",
    /// A parallel gateway.
    ParallelGateway = 31 "PARALLEL_GATEWAY",
    /// An event-based gateway.
    EventBasedGateway = 32 "EVENT_BASED_GATEWAY",
}

impl ElementType {
    /// Returns the type of an element of the executable model.
    pub const fn of(kind: &ElementKind) -> Self {
        match kind {
            ElementKind::Process(_) => Self::Process,
            ElementKind::SubProcess(_) => Self::SubProcess,
            ElementKind::StartEvent(_) => Self::StartEvent,
            ElementKind::EndEvent(_) => Self::EndEvent,
            ElementKind::ServiceTask(_) => Self::ServiceTask,
            ElementKind::ScriptTask(_) => Self::ScriptTask,
            ElementKind::BusinessRuleTask(_) => Self::BusinessRuleTask,
            ElementKind::ManualTask => Self::ManualTask,
            ElementKind::UndefinedTask => Self::UndefinedTask,
            ElementKind::ReceiveTask(_) => Self::ReceiveTask,
            ElementKind::ExclusiveGateway { .. } => Self::ExclusiveGateway,
            ElementKind::ParallelGateway => Self::ParallelGateway,
            ElementKind::EventBasedGateway => Self::EventBasedGateway,
            ElementKind::IntermediateCatchEvent(_) => Self::IntermediateCatchEvent,
            ElementKind::BoundaryEvent { .. } => Self::BoundaryEvent,
        }
    }
}

impl fmt::Display for ElementType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Visit for ElementType {
    fn visit(&self, sink: &mut dyn Sink) {
        sink.word(self.code(), self.name());
    }
}

impl Serialize for ElementType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for ElementType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = ElementType;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a kind of element, such as SERVICE_TASK")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<ElementType, E> {
        let found = ElementType::ALL.iter().copied().find(|it| it.name() == name);
        found.ok_or_else(|| E::invalid_value(Unexpected::Str(name), &self))
    }
}
