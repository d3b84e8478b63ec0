use super::*;

fn check(json: &str) -> Result<Search, Problem> {
    body::parse::<SearchBody>(json.as_bytes())?.check(&PROCESS_INSTANCES)
}

fn problem(json: &str) -> String {
    format!("{:?}", check(json).expect_err(json))
}

#[test]
fn a_search_is_read() {
    let json = r#"{
        "filter": {
            "state": "active", "processInstanceKey": {"$in": ["7", "9"]},
            "startDate": {"$gte": "1970-01-01T00:00:01Z"}, "hasIncident": false,
            "$or": [{"elementId": {"$like": "a*"}}, {"tags": ["x"], "variables": [{"name": "n", "value": "\"v\""}]}]
        },
        "sort": [{"field": "startDate", "order": "desc"}],
        "page": {"from": 5, "limit": 10}
    }"#;
    let search = check(json).expect("a search");
    let names: Vec<_> = search.filter.all.iter().map(|it| it.field.name).collect();
    assert_eq!(names, ["hasIncident", "processInstanceKey", "startDate", "state"]);
    assert_eq!(search.filter.all[2].test, Test::AtLeast(Operand::Integer(1_000)));
    assert_eq!(search.filter.all[3].test, Test::Equal(Operand::Text("ACTIVE".into())));
    assert_eq!(search.filter.any.len(), 2);
    assert_eq!(search.filter.any[1][1].variable.as_deref(), Some("n"));
    assert!(search.sort[0].is_descending);
    assert_eq!(search.page, Page { limit: 10, place: Place::From(5) });
}

#[test]
fn a_problem_names_what_is_wrong() {
    for (json, field) in [
        (r#"{"filter":{"stat":"ACTIVE"}}"#, "filter.stat"),
        (r#"{"filter":{"state":"GONE"}}"#, "filter.state"),
        (r#"{"filter":{"processInstanceKey":7}}"#, "filter.processInstanceKey"),
        (r#"{"filter":{"processInstanceKey":{"$gt":"7"}}}"#, "filter.processInstanceKey.$gt"),
        (r#"{"filter":{"$or":[{"x":1}]}}"#, "filter.$or[0].x"),
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
fn a_cursor_is_read_as_it_was_written() {
    let values = vec![
        cursor::CursorValue::None,
        cursor::CursorValue::Integer(-3),
        cursor::CursorValue::Text("a\"b".into()),
    ];
    let cursor = Cursor { values, key: 1 << 60 };
    assert_eq!(Cursor::parse(&cursor.print()), Some(cursor));
}
