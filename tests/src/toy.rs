//! A machine without BPMN, to prove the kernel alone: named counters that are added to, drained, labelled, bumped by
//! timers and by fan-outs larger than a step.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use dacapo_engine::kernel::{
    At, Corrupt, Cx, Evolve, Internal, Machine, Symbol, View, bodies, tables, visit_fields,
};
use dacapo_engine::record::{Field, Key, Rejection, RejectionClass, RejectionCode, Timestamp};

pub use crate::decimal::Decimal;

/// The machine of counters.
#[derive(Clone, Debug, PartialEq)]
pub struct Toy;

bodies! {
    /// What can be asked of counters.
    pub enum Command {
        /// Add to a counter, creating it.
        Add(Add) = 900 "counter.add" v 1,
        /// Take from a counter.
        Subtract(Subtract) = 901 "counter.subtract" v 1,
        /// Bump a counter many times, each in its own piece of work.
        FanOut(FanOut) = 902 "counter.fan_out" v 1,
        /// Bump a counter by work that schedules itself again.
        Loop(Loop) = 903 "counter.loop" v 1,
        /// Bump a counter later.
        SetTimer(SetTimer) = 904 "timer.set" v 1,
        /// Bump the counter of a due timer.
        FireTimer(FireTimer) = 905 "timer.fire" v 1,
        /// Break the engine half-way.
        Break(Break) = 906 "counter.break" v 1,
        /// Take all from a counter, if there is anything.
        Drain(Drain) = 907 "counter.drain" v 1,
        /// Add a random number.
        Roll(Roll) = 908 "counter.roll" v 1,
        /// Put data of the user on a counter.
        Label(Label) = 909 "counter.label" v 2,
    }
}

bodies! {
    /// What can happen to counters.
    pub enum Event {
        /// A counter came to be.
        Created(Created) = 920 "counter.created" v 1,
        /// A counter grew.
        Added(Added) = 921 "counter.added" v 1,
        /// A counter shrank.
        Subtracted(Subtracted) = 922 "counter.subtracted" v 1,
        /// A timer waits.
        TimerSet(TimerSet) = 923 "timer.created" v 1,
        /// A timer waits no longer.
        TimerFired(TimerFired) = 924 "timer.fired" v 1,
        /// A counter carries data of the user.
        Labelled(Labelled) = 925 "counter.labelled" v 1,
    }
}

macro_rules! body {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident $short:literal: $type:ty,)* })+) => {
        $($(#[$doc])* #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* #[serde(rename = $short)] pub $field: $type,)* })+
    };
}

body! {
    /// Add to a counter, creating it.
    Add { /// Its name.
        name "nm": Arc<str>, /// How much.
        amount "am": u64, }
    /// Take from a counter.
    Subtract { /// Its name.
        name "nm": Arc<str>, /// How much.
        amount "am": u64, }
    /// Bump a counter many times.
    FanOut { /// Its name.
        name "nm": Arc<str>, /// How often.
        times "ti": u32, }
    /// Bump a counter by work that schedules itself again.
    Loop { /// Its name.
        name "nm": Arc<str>, /// How often.
        times "ti": u32, }
    /// Bump a counter later.
    SetTimer { /// Its name.
        name "nm": Arc<str>, /// When, after the command.
        after_ms "af": i64, }
    /// Bump the counter of a due timer.
    FireTimer { /// The timer.
        timer "tk": Key, }
    /// Break the engine half-way.
    Break { /// Its name.
        name "nm": Arc<str>, }
    /// Take all from a counter.
    Drain { /// Its name.
        name "nm": Arc<str>, }
    /// Add a random number.
    Roll { /// Its name.
        name "nm": Arc<str>, }
    /// Put data of the user on a counter.
    Label { /// Its name.
        name "nm": Arc<str>, /// A decimal.
        ratio "ra": Option<Decimal>, /// Anything.
        data "da": BTreeMap<Arc<str>, Arc<str>>, }
    /// A counter came to be.
    Created { /// Its name.
        name "nm": Arc<str>, }
    /// A counter grew.
    Added { /// By how much.
        amount "am": u64, }
    /// A counter shrank.
    Subtracted { /// By how much.
        amount "am": u64, }
    /// A timer waits.
    TimerSet { /// Its counter.
        counter "ck": Key, /// Until when.
        due "du": Timestamp, }
    /// A timer waits no longer.
    TimerFired { /// Until when it waited.
        due "du": Timestamp, }
    /// A counter carries data of the user.
    Labelled { /// A decimal.
        ratio "ra": Option<Decimal>, /// Anything.
        data "da": BTreeMap<Arc<str>, Arc<str>>, }
    /// Bumps that wait for their turn.
    Bump { /// The counter.
        counter "ck": Key, /// How often.
        times "ti": u32, }
    /// A counter.
    CounterRow { /// Its name.
        name "nm": Symbol, /// What it counts to.
        value "va": u64, /// What the user put on it.
        data "da": BTreeMap<Arc<str>, Arc<str>>, }
}
visit_fields!(Bump, "bump" { counter, times });
visit_fields!(CounterRow, "counter" { name, value, data });

/// The long names of the fields of counters.
pub const FIELDS: [Field; 10] = [
    Field { short: "nm", long: "name", is_data: false },
    Field { short: "am", long: "amount", is_data: false },
    Field { short: "ti", long: "times", is_data: false },
    Field { short: "af", long: "after_ms", is_data: false },
    Field { short: "tk", long: "timer_key", is_data: false },
    Field { short: "ra", long: "ratio", is_data: false },
    Field { short: "da", long: "data", is_data: true },
    Field { short: "ck", long: "counter_key", is_data: false },
    Field { short: "du", long: "due", is_data: false },
    Field { short: "tx", long: "text", is_data: false },
];

tables! {
    /// The tables of counters.
    pub struct State {
        /// Counters.
        900 counters: Key => CounterRow,
        /// Counters by tenant and name.
        901 names: (Symbol, Symbol) => Key,
        /// Timers by time.
        902 timers: (Timestamp, Key) => Key,
        /// The time of each timer.
        903 timer_due: Key => Timestamp,
    }
}

const TOO_SMALL: RejectionCode =
    RejectionCode { name: "counter_too_small", class: RejectionClass::InvalidState };
const NOT_FOUND: RejectionCode =
    RejectionCode { name: "counter_not_found", class: RejectionClass::NotFound };
const BUSY: RejectionCode =
    RejectionCode { name: "counter_busy", class: RejectionClass::InvalidState };
const TIMER_NOT_FOUND: RejectionCode =
    RejectionCode { name: "timer_not_found", class: RejectionClass::NotFound };

impl State {
    fn first_timer(&self, held: &BTreeSet<Key>) -> Option<(Timestamp, Key)> {
        self.timers.iter().map(|it| *it.0).find(|it| !held.contains(&it.1))
    }
}

/// A timer of a counter with this label breaks the engine.
pub const POISON: &str = "poison";

impl Machine for Toy {
    type Command = Command;
    type Event = Event;
    type State = State;
    type Work = Bump;
    type Cache = ();

    fn decide(cx: &mut Cx<'_, Self>, command: &Command) -> Result<(), Rejection> {
        match command {
            Command::Add(it) => {
                let key = ready(cx, &it.name)?;
                cx.emit(key, Added { amount: it.amount });
            }
            Command::Subtract(it) => {
                let (key, row) = find(cx, &it.name)?;
                if row.value < it.amount {
                    let reason = format!("expected at least {}, found {}", it.amount, row.value);
                    return Err(Rejection::new(TOO_SMALL, reason).blame("amount"));
                }
                cx.emit(key, Subtracted { amount: it.amount });
            }
            Command::FanOut(it) => {
                let key = ready(cx, &it.name)?;
                (0..it.times).for_each(|_| cx.schedule(Bump { counter: key, times: 1 }));
            }
            Command::Loop(it) => {
                let key = ready(cx, &it.name)?;
                cx.schedule(Bump { counter: key, times: it.times });
            }
            Command::SetTimer(it) => {
                let counter = ready(cx, &it.name)?;
                let (key, due) = (cx.next_key(), cx.now().plus_ms(it.after_ms));
                cx.emit(key, TimerSet { counter, due });
            }
            Command::FireTimer(FireTimer { timer }) => {
                let Some(&due) = cx.state().timer_due.get(timer) else {
                    return Err(Rejection::new(TIMER_NOT_FOUND, "expected a timer, found none"));
                };
                let counter = cx.state().timers.get(&(due, *timer)).copied().unwrap_or_default();
                if cx.state().counters.get(&counter).is_some_and(|it| it.data.contains_key(POISON))
                {
                    cx.fault("the label says so".into());
                }
                cx.emit(*timer, TimerFired { due });
                cx.emit(counter, Added { amount: 1 });
            }
            Command::Break(it) => {
                let key = ready(cx, &it.name)?;
                cx.emit(key, Added { amount: 1 });
                cx.fault("asked to break".into());
            }
            Command::Drain(it) => {
                if let Ok((key, CounterRow { value: amount @ 1.., .. })) = find(cx, &it.name) {
                    cx.emit(key, Subtracted { amount });
                }
            }
            Command::Roll(it) => {
                let key = ready(cx, &it.name)?;
                let [amount, ..] = cx.draw();
                cx.emit(key, Added { amount: u64::from(amount) });
            }
            Command::Label(it) => {
                let key = ready(cx, &it.name)?;
                cx.emit(key, Labelled { ratio: it.ratio.clone(), data: it.data.clone() });
            }
        }
        Ok(())
    }

    fn work(cx: &mut Cx<'_, Self>, Bump { counter, times }: Bump) {
        cx.emit(counter, Added { amount: 1 });
        if times > 1 {
            cx.schedule(Bump { counter, times: times - 1 });
        }
    }

    fn evolve(state: &mut Evolve<'_, State>, event: &Event) -> Result<(), Corrupt> {
        let At { key, tenant, .. } = state.at;
        match event {
            Event::Created(it) => {
                let name = state.symbols.intern(&it.name);
                let row = CounterRow { name, value: 0, data: BTreeMap::new() };
                state.tables.counters.insert(key, row);
                state.tables.names.insert((tenant, name), key);
            }
            Event::Added(it) => change(state, |row| row.value = row.value.wrapping_add(it.amount))?,
            Event::Subtracted(it) => {
                change(state, |row| row.value = row.value.wrapping_sub(it.amount))?;
            }
            Event::TimerSet(it) => {
                state.tables.timers.insert((it.due, key), it.counter);
                state.tables.timer_due.insert(key, it.due);
            }
            Event::TimerFired(it) => {
                state.tables.timers.remove(&(it.due, key));
                state.tables.timer_due.remove(&key);
            }
            Event::Labelled(it) => change(state, |row| row.data.clone_from(&it.data))?,
        }
        Ok(())
    }

    fn subject(work: &Bump) -> Key {
        work.counter
    }

    fn owner(key: Key, event: &Event) -> Option<Key> {
        match event {
            Event::Created(_) | Event::Added(_) | Event::Subtracted(_) | Event::Labelled(_) => {
                Some(key)
            }
            Event::TimerSet(it) => Some(it.counter),
            Event::TimerFired(_) => None,
        }
    }

    fn weight(_: &Event) -> u64 {
        32
    }

    fn next_command(
        view: &View<'_, State>,
        now: Timestamp,
        held: &BTreeSet<Key>,
    ) -> Option<Internal<Command>> {
        let (due, timer) = view.tables.first_timer(held)?;
        let command = Command::FireTimer(FireTimer { timer });
        (due <= now).then(|| Internal { tenant: "<default>".into(), key: timer, command })
    }

    fn next_due(view: &View<'_, State>, held: &BTreeSet<Key>) -> Option<Timestamp> {
        view.tables.first_timer(held).map(|(due, _)| due)
    }

    fn rejections() -> Vec<RejectionCode> {
        vec![TOO_SMALL, NOT_FOUND, BUSY, TIMER_NOT_FOUND]
    }
}

fn find(cx: &Cx<'_, Toy>, name: &str) -> Result<(Key, CounterRow), Rejection> {
    let tables = cx.state();
    let key = cx.symbols().find(name).and_then(|it| tables.names.get(&(cx.tenant(), it))).copied();
    key.and_then(|key| Some((key, tables.counters.get(&key)?.clone()))).ok_or_else(|| {
        Rejection::new(NOT_FOUND, format!("expected counter {name}, found none")).blame("name")
    })
}

/// Returns the counter of a name, a new one if needed, unless work of it waits.
fn ready(cx: &mut Cx<'_, Toy>, name: &Arc<str>) -> Result<Key, Rejection> {
    match find(cx, name) {
        Ok((key, _)) if cx.is_parked(key) => {
            Err(Rejection::new(BUSY, format!("expected counter {name} at rest, found it busy")))
        }
        Ok((key, _)) => Ok(key),
        Err(_) => {
            let key = cx.next_key();
            cx.emit(key, Created { name: name.clone() });
            Ok(key)
        }
    }
}

fn change(
    state: &mut Evolve<'_, State>,
    change: impl FnOnce(&mut CounterRow),
) -> Result<(), Corrupt> {
    let key = state.at.key;
    if state.tables.counters.update(&key, change) {
        Ok(())
    } else {
        Err(state.corrupt(format!("expected counter {key}, found none")))
    }
}
