//! Searching the read model: the memory store is the measure.

use std::sync::Arc;

use dacapo::store::{
    Cell, Condition, Cursor, Filter, Found, Kind, Names, Page, Query, Row, RowBatch, Sort, Start,
    Store, StoreError, StoreOptions, Table,
};
use dacapo_engine::record::Position;

use crate::fixture::{Fixture, PARTITION};
use crate::rows::row;

pub async fn means_the_same_everywhere(it: Fixture) {
    let measure = Store::open(StoreOptions::new("memory:", Names::default())).await.unwrap();
    fill(&measure).await;
    fill(&it.store).await;
    let mut hits = 0;
    for (name, query) in queries() {
        let expected = measure.search(PARTITION, query.clone()).await.unwrap();
        let found = it.store.search(PARTITION, query).await.unwrap();
        assert_eq!(found, expected, "{name}");
        hits += usize::from(!found.rows.is_empty());
    }
    assert!(hits > 60, "only {hits} queries found anything");
}

pub async fn walks_by_cursor(it: Fixture) {
    fill(&it.store).await;
    for sort in [
        vec![],
        vec![("worker", true)],
        vec![("state", false), ("deadline", true)],
        vec![("key", true)],
    ] {
        let query = Query { sort: sorts(Table::Job, &sort), ..Query::all(Table::Job) };
        let all = it.store.search(PARTITION, query.clone()).await.unwrap();
        assert_eq!((all.rows.len(), all.total, all.has_more), (40, 40, false));
        let forwards = walk(&it.store, &query, Start::After).await;
        assert_eq!(forwards, all.rows, "{sort:?}");
        let mut backwards = walk(&it.store, &query, Start::Before).await;
        backwards.reverse();
        assert_eq!(backwards, all.rows, "{sort:?} backwards");
    }
}

pub async fn refuses_what_does_not_fit(it: Fixture) {
    fill(&it.store).await;
    let jobs = || Query::all(Table::Job);
    let deep = (0..9).fold(Filter::All(vec![]), |inner, _| Filter::Any(vec![inner]));
    let table = |table: Table, name: &str| table.field(name).unwrap();
    let cursor = Cursor::from_text("5b315d").unwrap();
    let bad = [
        jobs().filtered(Filter::eq(table(Table::Incident, "state"), "ACTIVE")),
        jobs().filtered(Filter::eq(table(Table::Job, "state"), 1)),
        jobs().filtered(Filter::eq(table(Table::Job, "state"), None::<i64>)),
        jobs().filtered(Filter::Is(table(Table::Job, "retries"), Condition::Like("1*".into()))),
        jobs().filtered(Filter::Is(
            table(Table::Job, "retries"),
            Condition::In(vec![1.into(); 1001]),
        )),
        jobs().filtered(deep),
        Query { sort: sorts(Table::Timer, &[("state", false)]), ..jobs() },
        Query { page: Page { start: Start::From(0), limit: 0 }, ..jobs() },
        Query { page: Page { start: Start::From(0), limit: 10_001 }, ..jobs() },
        Query {
            sort: sorts(Table::Job, &[("state", false)]),
            page: Page { start: Start::After(cursor), limit: 1 },
            ..jobs()
        },
        Query::all(Table::ProcessDefinition)
            .filtered(Filter::Is(table(Table::ProcessDefinition, "xml"), Condition::Exists(true))),
    ];
    for (number, query) in bad.into_iter().enumerate() {
        let found = it.store.search(PARTITION, query).await;
        assert!(matches!(found, Err(StoreError::Query { .. })), "query {number}: {found:?}");
    }
    assert_eq!(Table::Job.field("key; DROP TABLE job"), None);
    for text in ["'; DROP TABLE job; --", "$1", "?1", "%", "\\", "a\0b"] {
        for condition in [Condition::Eq(Cell::from(text)), Condition::Like(text.to_owned())] {
            let query = jobs().filtered(Filter::Is(table(Table::Job, "type"), condition));
            assert_eq!(it.store.search(PARTITION, query).await.unwrap().rows, []);
        }
    }
    assert_eq!(it.store.search(PARTITION, jobs()).await.unwrap().total, 40);
}

pub async fn counts_elements(it: Fixture) {
    let mut rows = RowBatch::default();
    let states = [
        ("a", "ACTIVE", Cell::Null),
        ("a", "ACTIVE", Cell::Int(9)),
        ("a", "COMPLETED", Cell::Null),
        ("a", "COMPLETED", Cell::Int(9)),
        ("b", "TERMINATED", Cell::Null),
        ("p", "ACTIVE", Cell::Null),
    ];
    for (key, (element, state, incident)) in (1..).zip(states) {
        let mut row = row(Table::ElementInstance, key, 1);
        let mut set = |name: &str, cell| {
            row.cells[Table::ElementInstance.field(name).unwrap().index()] = cell;
        };
        set("element_id", Cell::from(element));
        set("state", Cell::from(state));
        set("incident_key", incident);
        set("type", Cell::from(if element == "p" { "PROCESS" } else { "SERVICE_TASK" }));
        set("process_definition_key", Cell::Int(if key == 5 { 8 } else { 7 }));
        rows.put(row);
    }
    it.store.projector(PARTITION).apply(Position(0), Position(1), Arc::new(rows)).await.unwrap();
    let all = it.store.element_statistics(PARTITION, Filter::All(vec![])).await.unwrap();
    let counts: Vec<_> = all
        .iter()
        .map(|it| (it.element_id.as_str(), it.active, it.canceled, it.incidents, it.completed))
        .collect();
    assert_eq!(counts, [("a", 1, 0, 1, 2), ("b", 0, 1, 0, 0)]);
    let definition = Table::ElementInstance.field("process_definition_key").unwrap();
    let one = it.store.element_statistics(PARTITION, Filter::eq(definition, 8)).await.unwrap();
    assert_eq!(one, all[1..]);
}

async fn fill(store: &Store) {
    let mut rows = RowBatch::default();
    for table in Table::ALL {
        for number in 0..40 {
            rows.put(row(table, 1_000 + number * 7 % 40, number));
        }
    }
    store.projector(PARTITION).apply(Position(0), Position(1), Arc::new(rows)).await.unwrap();
}

async fn walk(store: &Store, query: &Query, next: fn(Cursor) -> Start) -> Vec<Row> {
    let is_backwards = matches!(next(Cursor::from_text("5b5d").unwrap()), Start::Before(_));
    let mut query = query.clone();
    query.page.limit = 7;
    let mut walked = Vec::new();
    if is_backwards {
        // the last page has to be found first
        query.page.start = Start::From(33);
    }
    loop {
        let found = store.search(PARTITION, query.clone()).await.unwrap();
        let Found { rows, start, end, .. } = found;
        let Some(cursor) = (if is_backwards { start } else { end }) else { return walked };
        // the text is what callers get
        query.page.start = next(Cursor::from_text(&cursor.to_text()).unwrap());
        match is_backwards {
            true => walked.extend(rows.into_iter().rev()),
            false => walked.extend(rows),
        }
    }
}

/// Every condition on every column of every table, sorts, pages, groups and relations.
fn queries() -> Vec<(String, Query)> {
    let mut queries = Vec::new();
    for table in Table::ALL {
        for column in table.columns().iter().filter(|it| it.kind != Kind::Bytes) {
            let field = table.field(column.name).unwrap();
            for condition in conditions(column.kind) {
                let name = format!("{}.{} {condition:?}", table.name(), column.name);
                let query = Query::all(table).filtered(Filter::Is(field, condition));
                queries.push((name, query));
            }
            for is_descending in [false, true] {
                let sort = vec![Sort { field, is_descending }];
                let page = Page { start: Start::From(5), limit: 20 };
                let name = format!("{} by {} {is_descending}", table.name(), column.name);
                queries.push((name, Query { sort, page, ..Query::all(table) }));
            }
        }
    }
    queries.extend(groups());
    queries
}

fn conditions(kind: Kind) -> Vec<Condition> {
    let (one, two) = match kind {
        Kind::Text => (Cell::from("b*"), Cell::from("ä")),
        Kind::Int | Kind::Bytes => (Cell::Int(2), Cell::Int(1_003)),
    };
    let mut all = vec![
        Condition::Eq(one.clone()),
        Condition::Neq(one.clone()),
        Condition::In(vec![one.clone(), two.clone()]),
        Condition::In(vec![]),
        Condition::NotIn(vec![one.clone(), two.clone()]),
        Condition::NotIn(vec![]),
        Condition::Gt(one.clone()),
        Condition::Gte(one.clone()),
        Condition::Lt(two.clone()),
        Condition::Lte(two),
        Condition::Exists(true),
        Condition::Exists(false),
    ];
    if kind == Kind::Text {
        let patterns = ["*", "", "b?", "b\\*", "?", "C%", "*_", "B*", "[b]*", "\\"];
        all.extend(patterns.map(|it| Condition::Like(it.to_owned())));
    }
    all
}

fn groups() -> Vec<(String, Query)> {
    let field = |table: Table, name: &str| table.field(name).unwrap();
    let job = |name: &str| field(Table::Job, name);
    let state = Filter::eq(job("state"), "ä");
    let retries = Filter::eq(job("retries"), 3);
    let related = |name: &str| {
        let filter = Box::new(Filter::eq(field(Table::Variable, "name"), name));
        (
            field(Table::Job, "process_instance_key"),
            field(Table::Variable, "process_instance_key"),
            filter,
        )
    };
    let (own, other, filter) = related("b*");
    let with = Filter::Related { own, other, filter };
    let (own, other, filter) = related("ä");
    let without = Filter::Unrelated { own, other, filter };
    let nested = Filter::All(vec![with.clone(), Filter::Any(vec![state.clone(), without.clone()])]);
    let filters = vec![
        Filter::All(vec![]),
        Filter::Any(vec![]),
        Filter::All(vec![state.clone(), retries.clone()]),
        Filter::Any(vec![state, retries]),
        with,
        without,
        nested,
    ];
    let query =
        |(number, filter)| (format!("group {number}"), Query::all(Table::Job).filtered(filter));
    filters.into_iter().enumerate().map(query).collect()
}

fn sorts(table: Table, names: &[(&str, bool)]) -> Vec<Sort> {
    let sort = |(name, is_descending): &(&str, bool)| Sort {
        field: table.field(name).unwrap(),
        is_descending: *is_descending,
    };
    names.iter().map(sort).collect()
}
