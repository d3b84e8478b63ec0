//! Where everything is: process instances as trees of places, and messages.

use std::collections::BTreeMap;

/// Everything that there is at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct World {
    /// Running process instances, by their number in the order of creation.
    pub instances: BTreeMap<usize, Place>,
    /// Messages that are there, by their number in the order of publication.
    pub messages: BTreeMap<usize, Message>,
    /// How many instances were created, and how many messages published, so far.
    pub counts: (usize, usize),
    /// How often which element was entered, and how often it was left as it should be.
    pub history: BTreeMap<String, (u32, u32)>,
}

/// An element at work, with all that is inside.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The element.
    pub element: String,
    /// What is active inside; the order means nothing.
    pub inside: Vec<Place>,
    /// What waits here; the order means nothing.
    pub waits: Vec<Wait>,
    /// The tokens that wait before a join inside, by their flow.
    pub joining: BTreeMap<String, u32>,
    /// The elements inside that are about to be entered, with the flow that leads there. At rest there are none.
    pub moving: Vec<(String, Option<String>)>,
    /// The variables that it holds itself.
    pub variables: BTreeMap<String, i64>,
}

/// Something that waits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wait {
    /// For a worker, or for a person if the worker could not help.
    Job(Job),
    /// For a time.
    Timer {
        /// The event.
        event: String,
        /// When it is due.
        due: i64,
    },
    /// For a message.
    Message {
        /// The event.
        event: String,
        /// The name.
        name: String,
        /// The correlation key.
        key: String,
        /// How many messages had been published before it began to wait.
        since: usize,
    },
    /// For a person, because nobody catches the error that this end event throws.
    Uncaught,
}

/// How a job stands. Who has it is the business of workers, not of tokens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Job {
    /// It can be done.
    Open,
    /// It failed, with no retries left; an incident. Somebody may have given it retries since.
    Failed {
        /// Whether somebody has.
        has_retries: bool,
    },
    /// Its worker threw this error and nobody caught it; an incident.
    Thrown(String),
}

/// A message that is there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Message {
    /// The name.
    pub name: String,
    /// The correlation key.
    pub key: String,
    /// When it is gone.
    pub deadline: i64,
    /// Whether those who waited when it came are still to be asked.
    pub is_pending: bool,
    /// Whether the process has taken it: it gets a message only once.
    pub is_taken: bool,
    /// Whether it lives longer than the moment.
    pub is_kept: bool,
}

impl World {
    /// Puts what has no order into one, so that worlds that are the same are equal.
    pub fn sorted(mut self) -> Self {
        self.instances.values_mut().for_each(Place::sort);
        self
    }
}

impl Place {
    /// Makes a place where nothing waits.
    pub fn new(element: &str) -> Self {
        Self { element: element.into(), ..Self::default() }
    }

    /// Counts the places of an element here and inside.
    pub fn count(&self, element: &str) -> usize {
        let inside: usize = self.inside.iter().map(|it| it.count(element)).sum();
        inside + usize::from(self.element == element)
    }

    fn sort(&mut self) {
        self.inside.iter_mut().for_each(Self::sort);
        self.inside.sort();
        self.waits.sort();
    }
}
