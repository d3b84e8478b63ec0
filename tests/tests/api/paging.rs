//! Pages: by number of items, after and before a cursor.

use dacapo_tests::server::Server;
use serde_json::{Value, json};

use crate::{create, server_with_one};

async fn page(server: &Server, page: Value) -> (Vec<String>, Value) {
    let sort = json!([{"field": "startDate", "order": "DESC"}, {"field": "endDate"}]);
    let search = json!({"sort": sort, "page": page});
    let found = server.post("/v2/process-instances/search", &search).await;
    let items = found["items"].as_array().expect("a list").iter();
    let keys = items.map(|it| it["processInstanceKey"].as_str().expect("a key").to_owned());
    (keys.collect(), found["page"].clone())
}

#[tokio::test]
async fn pages_follow_one_another_without_gap_or_repetition() {
    let (server, _) = server_with_one().await;
    for _ in 0..7 {
        create(&server, "one", json!({})).await;
    }
    let (all, whole) = page(&server, json!({})).await;
    assert_eq!(
        (all.len(), &whole["totalItems"], &whole["hasMoreTotalItems"]),
        (7, &json!(7), &json!(false))
    );

    let (mut seen, mut next) = (Vec::new(), json!({"limit": 3}));
    loop {
        let (items, facts) = page(&server, next).await;
        seen.extend(items.clone());
        if items.is_empty() {
            assert_eq!((&facts["startCursor"], &facts["endCursor"]), (&Value::Null, &Value::Null));
            break;
        }
        next = json!({"limit": 3, "after": facts["endCursor"]});
    }
    assert_eq!(seen, all);

    let (middle, facts) = page(&server, json!({"limit": 2, "from": 3})).await;
    assert_eq!(middle, all[3..5]);
    let (before, _) = page(&server, json!({"limit": 2, "before": facts["startCursor"]})).await;
    assert_eq!(before, all[1..3]);
    let (after, _) = page(&server, json!({"limit": 9, "after": facts["endCursor"]})).await;
    assert_eq!(after, all[5..]);
}

#[tokio::test]
async fn a_cursor_of_another_sort_is_refused() {
    let (server, _) = server_with_one().await;
    create(&server, "one", json!({})).await;
    let (_, facts) = page(&server, json!({"limit": 1})).await;
    let search = json!({"page": {"after": facts["endCursor"]}});
    let answer = server.call("POST", "/v2/process-instances/search", &search).await;
    assert_eq!(answer.problem(400)["field"], "page.after");
}
