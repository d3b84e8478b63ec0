//! What a notation says, before it becomes XML.

use alloc::string::String;
use alloc::vec::Vec;

/// A process with everything in it, in the order of the text.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) nodes: Vec<Node>,
    pub(super) flows: Vec<Flow>,
}

/// An element; `scope` is the place of its sub-process among the nodes.
pub(super) struct Node {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) kind: Kind,
    pub(super) scope: Option<usize>,
    pub(super) inputs: Vec<Pair>,
    pub(super) outputs: Vec<Pair>,
    pub(super) headers: Vec<Pair>,
    pub(super) retries: Option<String>,
}

/// A target and its source, or a key and its value.
pub(super) struct Pair {
    pub(super) left: String,
    pub(super) right: String,
}

pub(super) struct Flow {
    pub(super) source: String,
    pub(super) target: String,
    pub(super) scope: Option<usize>,
    pub(super) condition: Option<String>,
    pub(super) is_default: bool,
}

pub(super) enum Kind {
    Start(Option<Event>),
    End(Option<Event>),
    Service(String),
    Script { result: String, expression: String },
    ScriptJob(String),
    Rule { result: String, decision: String, binding: Option<(&'static str, String)> },
    RuleJob(String),
    Receive(Message),
    Manual,
    Task,
    Exclusive,
    Parallel,
    EventBased,
    Catch(Event),
    Boundary { event: Event, on: String, interrupting: bool },
    SubProcess,
}

pub(super) enum Event {
    Message(Message),
    Timer { tag: &'static str, text: String },
    Error(Option<String>),
    Terminate,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Message {
    pub(super) name: String,
    pub(super) key: Option<String>,
}
