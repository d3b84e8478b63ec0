//! Two machines on one log: their commands, events and tables side by side, their numbers disjoint.

use alloc::collections::{BTreeSet, VecDeque};
use alloc::vec::Vec;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::machine::{Evolve, Internal, View};
use super::{
    Body, BodyError, Corrupt, Cx, EventRecord, Machine, Sink, TableVisitor, TableVisitorMut,
    Tables, Visit,
};
use crate::record::{Intent, Key, Rejection, RejectionCode, Timestamp};

/// Two machines on one log. A step belongs to one of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Both<A, B>(A, B);

/// One of two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Either<A, B> {
    /// Of the first machine.
    #[serde(rename = "a")]
    First(A),
    /// Of the second machine.
    #[serde(rename = "b")]
    Second(B),
}

/// The tables of two machines.
#[derive(Clone, Debug, Default)]
pub struct BothTables<A, B> {
    /// The first machine's.
    pub first: A,
    /// The second machine's.
    pub second: B,
}

impl<A: Visit, B: Visit> Visit for Either<A, B> {
    fn visit(&self, sink: &mut dyn Sink) {
        sink.structure("either");
        match self {
            Self::First(it) => {
                sink.field("first");
                sink.unsigned(0);
                it.visit(sink);
            }
            Self::Second(it) => {
                sink.field("second");
                sink.unsigned(1);
                it.visit(sink);
            }
        }
        sink.end();
    }
}

impl<A: Tables, B: Tables> Tables for BothTables<A, B> {
    fn visit<V: TableVisitor>(&self, visitor: &mut V) {
        self.first.visit(visitor);
        self.second.visit(visitor);
    }

    fn visit_mut<V: TableVisitorMut>(&mut self, visitor: &mut V) {
        self.first.visit_mut(visitor);
        self.second.visit_mut(visitor);
    }
}

impl<A: Body, B: Body> Body for Either<A, B> {
    fn intent(&self) -> Intent {
        match self {
            Self::First(it) => it.intent(),
            Self::Second(it) => it.intent(),
        }
    }

    fn version(&self) -> u16 {
        match self {
            Self::First(it) => it.version(),
            Self::Second(it) => it.version(),
        }
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::First(it) => it.encode(serializer),
            Self::Second(it) => it.encode(serializer),
        }
    }

    fn decode<'de, D: Deserializer<'de>>(
        number: u16,
        version: u16,
        deserializer: D,
    ) -> Result<Self, BodyError<D::Error>> {
        if A::intents().iter().any(|intent| intent.number == number) {
            A::decode(number, version, deserializer).map(Self::First)
        } else {
            B::decode(number, version, deserializer).map(Self::Second)
        }
    }

    fn intents() -> Vec<Intent> {
        let mut intents = A::intents();
        intents.extend(B::intents());
        intents
    }
}

impl<A: Machine, B: Machine> Machine for Both<A, B> {
    type Command = Either<A::Command, B::Command>;
    type Event = Either<A::Event, B::Event>;
    type State = BothTables<A::State, B::State>;
    type Work = Either<A::Work, B::Work>;
    type Cache = (A::Cache, B::Cache);

    fn decide(cx: &mut Cx<'_, Self>, command: &Self::Command) -> Result<(), Rejection> {
        match command {
            Either::First(command) => in_first(cx, |cx| A::decide(cx, command)),
            Either::Second(command) => in_second(cx, |cx| B::decide(cx, command)),
        }
    }

    fn work(cx: &mut Cx<'_, Self>, work: Self::Work) {
        match work {
            Either::First(work) => in_first(cx, |cx| A::work(cx, work)),
            Either::Second(work) => in_second(cx, |cx| B::work(cx, work)),
        }
    }

    fn evolve(state: &mut Evolve<'_, Self::State>, event: &Self::Event) -> Result<(), Corrupt> {
        let (symbols, at) = (&mut *state.symbols, state.at);
        match event {
            Either::First(event) => {
                A::evolve(&mut Evolve { symbols, tables: &mut state.tables.first, at }, event)
            }
            Either::Second(event) => {
                B::evolve(&mut Evolve { symbols, tables: &mut state.tables.second, at }, event)
            }
        }
    }

    fn subject(work: &Self::Work) -> Key {
        match work {
            Either::First(work) => A::subject(work),
            Either::Second(work) => B::subject(work),
        }
    }

    fn owner(key: Key, event: &Self::Event) -> Option<Key> {
        match event {
            Either::First(event) => A::owner(key, event),
            Either::Second(event) => B::owner(key, event),
        }
    }

    fn weight(event: &Self::Event) -> u64 {
        match event {
            Either::First(event) => A::weight(event),
            Either::Second(event) => B::weight(event),
        }
    }

    fn next_command(
        view: &View<'_, Self::State>,
        now: Timestamp,
        held: &BTreeSet<Key>,
    ) -> Option<Internal<Self::Command>> {
        let first = A::next_command(&first(view), now, held).map(|it| wrap(it, Either::First));
        let second = || B::next_command(&second(view), now, held);
        first.or_else(|| second().map(|it| wrap(it, Either::Second)))
    }

    fn next_due(view: &View<'_, Self::State>, held: &BTreeSet<Key>) -> Option<Timestamp> {
        let both = [A::next_due(&first(view), held), B::next_due(&second(view), held)];
        both.into_iter().flatten().min()
    }

    fn rejections() -> Vec<RejectionCode> {
        let mut codes = A::rejections();
        codes.extend(B::rejections());
        codes
    }
}

fn first<'a, A, B>(view: &View<'a, BothTables<A, B>>) -> View<'a, A> {
    View { kernel: view.kernel, tables: &view.tables.first }
}

fn second<'a, A, B>(view: &View<'a, BothTables<A, B>>) -> View<'a, B> {
    View { kernel: view.kernel, tables: &view.tables.second }
}

fn wrap<C, D>(it: Internal<C>, into: impl FnOnce(C) -> D) -> Internal<D> {
    Internal { tenant: it.tenant, key: it.key, command: into(it.command) }
}

fn in_first<A: Machine, B: Machine, R>(
    cx: &mut Cx<'_, Both<A, B>>,
    body: impl FnOnce(&mut Cx<'_, A>) -> R,
) -> R {
    let (mut records, mut agenda) = (Vec::new(), VecDeque::new());
    let result = body(&mut Cx {
        step: cx.step,
        kernel: cx.kernel,
        tables: &mut cx.tables.first,
        cache: &mut cx.cache.0,
        records: &mut records,
        agenda: &mut agenda,
    });
    cx.records.extend(
        records.into_iter().map(|it| EventRecord { key: it.key, event: Either::First(it.event) }),
    );
    cx.agenda.extend(agenda.into_iter().map(Either::First));
    result
}

fn in_second<A: Machine, B: Machine, R>(
    cx: &mut Cx<'_, Both<A, B>>,
    body: impl FnOnce(&mut Cx<'_, B>) -> R,
) -> R {
    let (mut records, mut agenda) = (Vec::new(), VecDeque::new());
    let result = body(&mut Cx {
        step: cx.step,
        kernel: cx.kernel,
        tables: &mut cx.tables.second,
        cache: &mut cx.cache.1,
        records: &mut records,
        agenda: &mut agenda,
    });
    cx.records.extend(
        records.into_iter().map(|it| EventRecord { key: it.key, event: Either::Second(it.event) }),
    );
    cx.agenda.extend(agenda.into_iter().map(Either::Second));
    result
}
