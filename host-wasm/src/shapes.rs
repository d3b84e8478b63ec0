//! What the core answers, as objects.

use dacapo_engine::kernel::{
    AnyEvent, Change, Content, EngineState, Frame, Outcome, Place, Plain, StateDigest, Stepped,
    Symbols, Visit, plain,
};
use dacapo_engine::process::Process;
use dacapo_engine::process::outline::{self, Branch, Node, RowSink};
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
    array(changes.iter().map(|it| {
        let known = it.after.as_ref().or(it.before.as_ref()).unwrap_or(&Plain::Null);
        let (id, owner) = outline::place(it.table, &it.key, known, symbols);
        object([
            ("table", it.table.into()),
            ("key", values::plain(&it.key, symbols)),
            ("before", row(it.before.as_ref(), symbols)),
            ("after", row(it.after.as_ref(), symbols)),
            ("id", id.into()),
            ("owner", owner.into()),
        ])
    }))
}

/// Shows a node of the state's tree, and what stands directly under it.
pub(crate) fn branch(it: &Branch, symbols: &Symbols) -> JsValue {
    object([
        ("node", it.node.as_ref().map_or(JsValue::NULL, |it| node(it, symbols))),
        ("nodes", array(it.nodes.iter().map(|it| node(it, symbols)))),
        ("total", (it.total as f64).into()),
    ])
}

fn node(it: &Node, symbols: &Symbols) -> JsValue {
    object([
        ("id", it.id.as_str().into()),
        ("owner", it.owner.as_str().into()),
        ("table", it.table.into()),
        ("key", values::plain(&it.key, symbols)),
        ("row", row(it.row.as_ref(), symbols)),
        ("count", (it.count as f64).into()),
        ("isLeaf", it.is_leaf.into()),
    ])
}

/// Shows a row; one that is all in its key is true, and null is none.
fn row(row: Option<&Plain>, symbols: &Symbols) -> JsValue {
    match row {
        None => JsValue::NULL,
        Some(Plain::Null) => JsValue::TRUE,
        Some(row) => values::plain(row, symbols),
    }
}

/// Shows all tables that have rows.
pub(crate) fn state(state: &EngineState<Process>) -> JsValue {
    let mut rows = Rows { symbols: &state.kernel.symbols, tables: Map::new(), rows: Array::new() };
    outline::show(state, &mut rows);
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
    /// Those of the table that is shown.
    rows: Array,
}

impl RowSink for Rows<'_> {
    fn table(&mut self, name: &'static str, count: u64) -> bool {
        if count > 0 {
            self.rows = Array::new();
            self.tables.set(&name.into(), &self.rows);
        }
        count > 0
    }

    fn row(&mut self, _: &'static str, key: &dyn Visit, row: &dyn Visit) -> bool {
        self.rows.push(&object([
            ("key", values::plain(&plain(key), self.symbols)),
            ("row", self::row(Some(&plain(row)), self.symbols)),
        ]));
        true
    }
}
