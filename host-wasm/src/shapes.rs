//! What the core answers, as objects.

use dacapo_engine::kernel::{
    AnyEvent, Change, Content, EngineState, Frame, Outcome, Place, Row, StateDigest, Stepped,
    Symbols, Table, TableVisitor, Tables, Visit, plain,
};
use dacapo_engine::process::Process;
use dacapo_log::wire::{event_intent, hex};
use js_sys::{Array, Map};
use wasm_bindgen::JsValue;

use crate::error::rejected;
use crate::values::{self, array, key, object, position, time};

/// Shows a place: the last record, its time, and the digest of the state after it; that of a slice has none.
pub(crate) fn place(it: Place) -> JsValue {
    let is_known = it.position.0 == 0 || it.digest != StateDigest::default();
    let digest = if is_known { hex(&it.digest.bytes()) } else { String::new() };
    object([
        ("position", position(it.position)),
        ("timestamp", time(it.timestamp)),
        ("digest", digest.into()),
    ])
}

/// Shows the rows that changed.
pub(crate) fn changes(changes: &[Change], symbols: &Symbols) -> JsValue {
    let row = |row: &Option<_>| row.as_ref().map_or(JsValue::NULL, |it| values::plain(it, symbols));
    array(changes.iter().map(|it| {
        object([
            ("table", it.table.into()),
            ("key", values::plain(&it.key, symbols)),
            ("before", row(&it.before)),
            ("after", row(&it.after)),
        ])
    }))
}

/// Shows all tables that have rows.
pub(crate) fn state(state: &EngineState<Process>) -> JsValue {
    let mut rows = Rows { symbols: &state.kernel.symbols, tables: Map::new() };
    state.visit(&mut rows);
    rows.tables.into()
}

/// Shows what became of a command; a rejection is an error.
pub(crate) fn stepped(it: &Stepped<Process>) -> Result<JsValue, JsValue> {
    match it {
        Stepped::Frame(frame) => step(frame),
        Stepped::Nothing => Ok(JsValue::NULL),
        Stepped::Duplicate(at) => Ok(object([
            ("position", position(*at)),
            ("isDuplicate", true.into()),
            ("events", array([])),
        ])),
    }
}

/// Shows a step; a rejection is an error.
pub(crate) fn step(frame: &Frame<Process>) -> Result<JsValue, JsValue> {
    let at = frame.header.position;
    let events = match &frame.content {
        Content::Step(_, Outcome::Rejected(rejection)) => return Err(rejected(rejection, at)),
        Content::Step(_, Outcome::Events(events)) => events.as_slice(),
        Content::Control(_) => &[],
    };
    let event = |(number, it): (u64, &dacapo_engine::kernel::EventRecord<AnyEvent<Process>>)| {
        object([
            ("position", position(at.plus(number))),
            ("intent", event_intent(&it.event).0.name.into()),
            ("key", key(it.key)),
        ])
    };
    Ok(object([
        ("position", position(at)),
        ("isDuplicate", false.into()),
        ("events", array((1..).zip(events).map(event))),
    ]))
}

struct Rows<'a> {
    symbols: &'a Symbols,
    tables: Map,
}

impl TableVisitor for Rows<'_> {
    fn table<K: Row + Ord, V: Row>(&mut self, table: &Table<K, V>) {
        if table.is_empty() {
            return;
        }
        let rows: Array = table.iter().map(|(key, row)| pair(key, row, self.symbols)).collect();
        self.tables.set(&table.name().into(), &rows);
    }
}

/// Compiled once, not once per table.
fn pair(key: &dyn Visit, row: &dyn Visit, symbols: &Symbols) -> JsValue {
    object([
        ("key", values::plain(&plain(key), symbols)),
        ("row", values::plain(&plain(row), symbols)),
    ])
}
