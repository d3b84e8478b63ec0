//! The meaning of a search, over rows in memory: the memory store uses it, and the databases are held to it.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::{Condition, Cursor, ElementStatistics, Filter, Found, Query, Sort, Start, pattern};
use crate::store::table::{Field, Kind, Table};
use crate::store::{Cell, Row};

/// Finds the rows of a query among all rows of all tables.
pub(in crate::store) fn search<'a>(query: &Query, all: &impl Fn(Table) -> Vec<&'a Row>) -> Found {
    let order = query.order();
    let mut rows = all(query.table);
    rows.retain(|row| passes(&query.filter, row, all));
    rows.sort_by(|a, b| compare(&order, |field| a.get(field), |field| b.get(field)));
    let counted = rows.len() as u64;
    let limit = query.page.limit as usize;
    let place = |row: &Row, cursor: &Cursor| {
        let values: Vec<&Cell> = cursor.values().collect();
        let at = |field| order.iter().position(|it| it.field == field).unwrap_or_default();
        compare(&order, |field| row.get(field), |field| values[at(field)])
    };
    let mut page: Vec<Row> = match &query.page.start {
        Start::From(count) => {
            let skipped = usize::try_from(*count).unwrap_or(usize::MAX);
            rows.into_iter().skip(skipped).take(limit).cloned().collect()
        }
        Start::After(cursor) => {
            rows.into_iter().filter(|row| place(row, cursor).is_gt()).take(limit).cloned().collect()
        }
        Start::Before(cursor) => {
            let before = rows.into_iter().rev().filter(|row| place(row, cursor).is_lt());
            before.take(limit).cloned().collect()
        }
    };
    page.iter_mut().for_each(strip_bytes);
    query.answer(page, counted)
}

/// Counts element instances by element and state.
pub(in crate::store) fn tally<'a>(
    filter: &Filter,
    all: &impl Fn(Table) -> Vec<&'a Row>,
) -> Vec<ElementStatistics> {
    let mut elements: BTreeMap<&str, ElementStatistics> = BTreeMap::new();
    for row in all(Table::ElementInstance) {
        if row.named("type").as_text() == Some("PROCESS") || !passes(filter, row, all) {
            continue;
        }
        let id = row.named("element_id").as_text().unwrap_or_default();
        let counts = elements.entry(id).or_default();
        counts.element_id = id.to_owned();
        match (row.named("state").as_text(), row.named("incident_key").is_null()) {
            (Some("ACTIVE"), true) => counts.active += 1,
            (Some("ACTIVE"), false) => counts.incidents += 1,
            (Some("TERMINATED"), _) => counts.canceled += 1,
            _ => counts.completed += 1,
        }
    }
    elements.into_values().collect()
}

fn passes<'a>(filter: &Filter, row: &Row, all: &impl Fn(Table) -> Vec<&'a Row>) -> bool {
    match filter {
        Filter::All(filters) => filters.iter().all(|it| passes(it, row, all)),
        Filter::Any(filters) => filters.iter().any(|it| passes(it, row, all)),
        Filter::Is(field, condition) => holds(condition, row.get(*field)),
        Filter::Related { own, other, filter } => is_related(row, *own, *other, filter, all),
        Filter::Unrelated { own, other, filter } => !is_related(row, *own, *other, filter, all),
    }
}

fn is_related<'a>(
    row: &Row,
    own: Field,
    other: Field,
    filter: &Filter,
    all: &impl Fn(Table) -> Vec<&'a Row>,
) -> bool {
    let value = row.get(own);
    let matches = |it: &&Row| !value.is_null() && it.get(other) == value && passes(filter, it, all);
    all(other.table()).iter().any(matches)
}

fn holds(condition: &Condition, value: &Cell) -> bool {
    let orders =
        |other: &Cell, accepts: fn(Ordering) -> bool| !value.is_null() && accepts(value.cmp(other));
    match condition {
        Condition::Eq(it) => value == it,
        Condition::Neq(it) => value != it,
        Condition::In(list) => list.contains(value),
        Condition::NotIn(list) => !list.contains(value),
        Condition::Gt(it) => orders(it, Ordering::is_gt),
        Condition::Gte(it) => orders(it, Ordering::is_ge),
        Condition::Lt(it) => orders(it, Ordering::is_lt),
        Condition::Lte(it) => orders(it, Ordering::is_le),
        Condition::Like(it) => value.as_text().is_some_and(|text| pattern::is_like(text, it)),
        Condition::Exists(expected) => value.is_null() != *expected,
    }
}

fn compare<'a>(
    order: &[Sort],
    left: impl Fn(Field) -> &'a Cell,
    right: impl Fn(Field) -> &'a Cell,
) -> Ordering {
    let one = |sort: &Sort| {
        let (left, right) = (left(sort.field), right(sort.field));
        let by_value = left.cmp(right);
        // empty values come last in both directions
        let is_reversed = sort.is_descending && !left.is_null() && !right.is_null();
        if is_reversed { by_value.reverse() } else { by_value }
    };
    order.iter().map(one).find(|it| it.is_ne()).unwrap_or(Ordering::Equal)
}

fn strip_bytes(row: &mut Row) {
    for (cell, column) in row.cells.iter_mut().zip(row.table.columns()) {
        if column.kind == Kind::Bytes {
            *cell = Cell::Null;
        }
    }
}
