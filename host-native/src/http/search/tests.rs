use super::*;
use crate::store::{Cell, Condition, Page, Start, Table};

fn check(json: &str) -> Result<Search, Problem> {
    body::parse::<SearchBody>(json.as_bytes())?.check(&PROCESS_INSTANCES)
}

fn problem(json: &str) -> String {
    format!("{:?}", check(json).expect_err(json))
}

#[test]
fn a_search_is_read() {
    let json = r#"{
        "filter": {"state": "active", "processInstanceKey": {"$in": ["7", "9"]}, "hasIncident": false},
        "sort": [{"field": "startDate", "order": "desc"}],
        "page": {"from": 5, "limit": 10}
    }"#;
    let search = check(json).expect("a search");
    let table = Table::ProcessInstance;
    let field = |name| table.field(name).expect("a column");
    let keys = Condition::In(vec![Cell::Int(7), Cell::Int(9)]);
    let expected = Filter::All(vec![
        Filter::Is(field("incidents"), Condition::Eq(Cell::Int(0))),
        Filter::Is(field("key"), keys),
        Filter::eq(field("state"), "ACTIVE"),
    ]);
    assert_eq!(search.query.filter, expected);
    assert_eq!(search.query.sort, [Sort { field: field("start_date"), is_descending: true }]);
    assert_eq!(search.query.page, Page { limit: 10, start: Start::From(5) });
}

#[test]
fn what_is_said_of_one_element_is_about_the_same_one() {
    let json = r#"{"filter": {"elementId": "a", "elementInstanceState": "ACTIVE"}}"#;
    let Filter::All(filters) = check(json).expect("a search").query.filter else { panic!() };
    assert_eq!(filters.len(), 1);
}

#[test]
fn a_problem_names_what_is_wrong() {
    for (json, field) in [
        (r#"{"filter":{"stat":"ACTIVE"}}"#, "filter.stat"),
        (r#"{"filter":{"state":"GONE"}}"#, "filter.state"),
        (r#"{"filter":{"processInstanceKey":7}}"#, "filter.processInstanceKey"),
        (r#"{"filter":{"processInstanceKey":{"$gt":"7"}}}"#, "filter.processInstanceKey.$gt"),
        (r#"{"filter":{"hasIncident":{"$in":[true]}}}"#, "filter.hasIncident.$in"),
        (r#"{"filter":{"$or":[{"x":1}]}}"#, "filter.$or[0].x"),
        (r#"{"filter":{"variables":[{"name":"x"}]}}"#, "filter.variables[0]"),
        (r#"{"sort":[{"field":"tags"}]}"#, "sort[0].field"),
        (r#"{"sort":[{"field":"state","order":"up"}]}"#, "sort[0].order"),
        (r#"{"page":{"limit":0}}"#, "page.limit"),
        (r#"{"page":{"after":"%"}}"#, "page.after"),
        (r#"{"page":{"from":1,"after":"e30"}}"#, "page"),
        (r#"{"pages":{}}"#, "pages"),
    ] {
        assert!(problem(json).contains(&format!("field: Some(\"{field}\")")), "{}", problem(json));
    }
}

#[test]
fn every_field_has_its_column() {
    let all = [
        &PROCESS_DEFINITIONS,
        &PROCESS_INSTANCES,
        &ELEMENT_INSTANCES,
        &VARIABLES,
        &JOBS,
        &INCIDENTS,
        &MESSAGE_SUBSCRIPTIONS,
    ];
    for (fields, it) in all.iter().flat_map(|fields| fields.list.iter().map(move |it| (fields, it)))
    {
        let (table, column) = match it.source {
            Source::Column(it) | Source::IsPositive(it) | Source::IsThere(it) => (fields.table, it),
            Source::Element(it) | Source::ElementHas(it) => (Table::ElementInstance, it),
            Source::Incident(it) => (Table::Incident, it),
            Source::Always(_) | Source::Never | Source::IsLatest => continue,
        };
        assert!(table.field(column).is_some(), "{} {column}", it.name);
    }
}
