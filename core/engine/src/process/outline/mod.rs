//! The state as one tree: instances → instance → scopes → what belongs to each, deployments, messages, the log itself, and
//! the rows that only find others. Every row of every table stands at exactly one place.
//!
//! A node has an id: `definitions` are the rows of a table, `elements:4711` is a row. Above the tables are branches that are only
//! names: `deployments`, `log`, `index`.
//!
//! All is inline: what shows rows is compiled in the crate of the host, once, with what lists changes there.

mod home;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::Process;
use super::state::named;
use crate::kernel::{EngineState, Plain, Row, Symbol, Table, TableVisitor, Tables, Visit, plain};
use crate::record::Key;

pub use home::{branch_of, place};

/// The state as a tree.
#[derive(Clone, Copy, Debug)]
pub struct Outline<'a> {
    state: &'a EngineState<Process>,
}

/// A table, or a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is found by.
    pub id: String,
    /// What it stands under: a node, or a branch; of a table it may be empty.
    pub owner: String,
    /// The table.
    pub table: &'static str,
    /// The key of a row.
    pub key: Plain,
    /// The row; none for a table.
    pub row: Option<Plain>,
    /// How many rows a table has; 0 for a row.
    pub count: u64,
    /// Whether nothing stands under it.
    pub is_leaf: bool,
}

/// A node and what stands directly under it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Branch {
    /// The node, if it is a row and is there.
    pub node: Option<Node>,
    /// The first of it.
    pub nodes: Vec<Node>,
    /// How many there are.
    pub total: u64,
}

/// Takes the rows of tables.
pub trait RowSink {
    /// Begins a table; returns whether its rows are wanted.
    fn table(&mut self, name: &'static str, count: u64) -> bool;
    /// Takes a row; returns whether more of the table are wanted.
    fn row(&mut self, table: &'static str, key: &dyn Visit, row: &dyn Visit) -> bool;
}

/// Shows all tables, and the rows of those that are wanted.
#[inline]
pub fn show(state: &EngineState<Process>, sink: &mut dyn RowSink) {
    state.visit(&mut Show(sink));
}

struct Show<'a>(&'a mut dyn RowSink);

impl TableVisitor for Show<'_> {
    #[inline]
    fn table<K: Row + Ord, V: Row>(&mut self, table: &Table<K, V>) {
        if self.0.table(table.name(), table.count()) {
            for (key, row) in table.iter() {
                if !self.0.row(table.name(), key, row) {
                    break;
                }
            }
        }
    }
}

impl<'a> Outline<'a> {
    /// Looks at a state.
    pub const fn new(state: &'a EngineState<Process>) -> Self {
        Self { state }
    }

    /// Returns a node and what stands directly under it, at most so many rows; under no node all tables.
    #[inline]
    pub fn branch(&self, id: &str, most: u64) -> Branch {
        let mut list = List { outline: self, id, most, found: Branch::default() };
        if let Some((table, key)) = parts(id) {
            list.found.node =
                self.row(table, key).map(|(table, row)| self.row_node(table, &key, row));
            self.children(table, key, &mut |table, key, row| {
                list.found.total += 1;
                list.row(table, key, row);
                true
            });
        } else {
            show(self.state, &mut list);
        }
        list.found
    }

    #[inline]
    fn row_node(&self, table: &'static str, key: &dyn Visit, row: &dyn Visit) -> Node {
        let (key, row) = (plain(key), plain(row));
        let (id, owner) = place(table, &key, &row, &self.state.kernel.symbols);
        let mut is_leaf = true;
        if let Plain::Key(key) = key {
            self.children(table, key, &mut |_, _, _| {
                is_leaf = false;
                false
            });
        }
        Node { id, owner, table, key, row: Some(row), count: 0, is_leaf }
    }

    /// Returns a row that others may stand under.
    #[inline]
    fn row(&self, table: &str, key: Key) -> Option<(&'static str, &'a dyn Visit)> {
        let tables = &self.state.tables;
        Some(match table {
            "instances" => ("instances", tables.instances.get(&key)?),
            "elements" => ("elements", tables.elements.get(&key)?),
            "jobs" => ("jobs", tables.jobs.get(&key)?),
            "messages" => ("messages", tables.messages.get(&key)?),
            "definitions" => ("definitions", tables.definitions.get(&key)?),
            _ => return None,
        })
    }

    /// Shows what stands directly under a row, until somebody has seen enough.
    #[inline]
    fn children(&self, table: &str, owner: Key, each: &mut Each<'_>) {
        let tables = &self.state.tables;
        let _ = match table {
            "instances" => {
                let scope = tables.elements.get(&owner).filter(|it| it.scope.is_none());
                scope.is_none_or(|row| each("elements", &owner, row))
            }
            "elements" => self.of_element(owner, each),
            "jobs" => tables
                .thrown_errors
                .get(&owner)
                .is_none_or(|row| each("thrown_errors", &owner, row)),
            "messages" => tables
                .message_takers
                .range(named(owner))
                .all(|(key, row)| each("message_takers", key, row)),
            "definitions" => {
                of(&tables.timers_of(owner), "timers", &|it| visit(tables.timers.get(it)), each)
            }
            _ => true,
        };
    }

    #[inline]
    fn of_element(&self, owner: Key, each: &mut Each<'_>) -> bool {
        let tables = &self.state.tables;
        let last = Symbol(u32::MAX);
        let flows = (owner, Symbol(0), Symbol(0))..=(owner, last, last);
        let inside = || tables.children_after(owner, Key(0), usize::MAX);
        tables.variables.range(named(owner)).all(|(key, row)| each("variables", key, row))
            && tables.taken_flows.range(flows).all(|(key, row)| each("taken_flows", key, row))
            && of(
                &tables.incidents_of(owner),
                "incidents",
                &|it| visit(tables.incidents.get(it)),
                each,
            )
            && of(&tables.jobs_of(owner), "jobs", &|it| visit(tables.jobs.get(it)), each)
            && of(&tables.timers_of(owner), "timers", &|it| visit(tables.timers.get(it)), each)
            && of(
                &tables.subscriptions_of(owner),
                "subscriptions",
                &|it| visit(tables.subscriptions.get(it)),
                each,
            )
            && of(&inside(), "elements", &|it| visit(tables.elements.get(it)), each)
    }
}

/// Reads the id of a row that others may stand under.
fn parts(id: &str) -> Option<(&str, Key)> {
    let colon = id.bytes().position(|it| it == b':')?;
    let digit = |key: u64, it: u8| {
        let digit = it.is_ascii_digit().then(|| u64::from(it & 15))?;
        key.checked_mul(10)?.checked_add(digit)
    };
    // what parses numbers of every kind would be three times as much to load
    Some((id.get(..colon)?, Key(id.bytes().skip(colon + 1).try_fold(0, digit)?)))
}

/// Takes a row of a table; returns whether more are wanted.
type Each<'a> = dyn FnMut(&'static str, &dyn Visit, &dyn Visit) -> bool + 'a;

#[inline]
fn of<'t>(
    keys: &[Key],
    table: &'static str,
    row: &dyn Fn(&Key) -> Option<&'t dyn Visit>,
    each: &mut Each<'_>,
) -> bool {
    keys.iter().all(|key| row(key).is_none_or(|row| each(table, key, row)))
}

#[inline]
fn visit<T: Visit>(row: Option<&T>) -> Option<&dyn Visit> {
    row.map(|it| it as &dyn Visit)
}

/// Lists tables, or the rows of one.
struct List<'a> {
    outline: &'a Outline<'a>,
    id: &'a str,
    most: u64,
    found: Branch,
}

impl RowSink for List<'_> {
    #[inline]
    fn table(&mut self, table: &'static str, count: u64) -> bool {
        let Some(branch) = branch_of(table) else { return false };
        if self.id.is_empty() {
            let (id, owner) = (table.to_owned(), branch.to_owned());
            let (key, row, is_leaf) = (Plain::Null, None, count == 0);
            self.found.nodes.push(Node { id, owner, table, key, row, count, is_leaf });
            self.found.total += 1;
        } else if self.id == table {
            self.found.total = count;
        }
        self.id == table
    }

    #[inline]
    fn row(&mut self, table: &'static str, key: &dyn Visit, row: &dyn Visit) -> bool {
        let is_wanted = (self.found.nodes.len() as u64) < self.most;
        if is_wanted {
            self.found.nodes.push(self.outline.row_node(table, key, row));
        }
        is_wanted
    }
}
