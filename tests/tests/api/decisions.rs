//! Decisions over the API: deployed, evaluated, called by a process, searched.

use dacapo_tests::server::Server;
use serde_json::{Value, json};

use crate::create;

const FEES: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="fees" name="Fees" namespace="fees">
  <decision id="base" name="Base">
    <literalExpression><text>amount / 2</text></literalExpression>
  </decision>
  <decision id="fee" name="Fee">
    <informationRequirement id="r1"><requiredDecision href="#base"/></informationRequirement>
    <decisionTable id="table" hitPolicy="UNIQUE">
      <input id="in" label="Age"><inputExpression id="e"><text>age</text></inputExpression></input>
      <output id="out" name="fee"/>
      <rule id="young"><inputEntry id="c1"><text>&lt; 18</text></inputEntry><outputEntry id="c2"><text>Base</text></outputEntry></rule>
      <rule id="teen"><inputEntry id="c3"><text>[13..100]</text></inputEntry><outputEntry id="c4"><text>10</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"##;

const RATE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
             xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="urn:test">
  <process id="rate" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="decide"/>
    <businessRuleTask id="decide">
      <extensionElements>
        <zeebe:calledDecision decisionId="fee" resultVariable="result" bindingType="deployment"/>
      </extensionElements>
    </businessRuleTask>
  </process>
</definitions>
"#;

#[tokio::test]
async fn a_model_and_a_process_are_deployed_together() {
    let server = Server::start().await;
    let files = [("fees.dmn", FEES), ("rate.bpmn", RATE)];
    let first = server.deploy_all(&files).await.done();
    let items = first["deployments"].as_array().expect("a list");
    assert_eq!(
        kinds(items),
        ["decisionRequirements", "decisionDefinition", "decisionDefinition", "processDefinition"]
    );
    let (model, fee) = (&items[0]["decisionRequirements"], &items[2]["decisionDefinition"]);
    assert_eq!(
        *model,
        json!({
            "decisionRequirementsId": "fees", "decisionRequirementsName": "Fees", "version": 1,
            "resourceName": "fees.dmn", "tenantId": "<default>",
            "decisionRequirementsKey": model["decisionRequirementsKey"],
        })
    );
    assert_eq!(
        *fee,
        json!({
            "decisionDefinitionId": "fee", "name": "Fee", "version": 1, "tenantId": "<default>",
            "decisionRequirementsId": "fees", "decisionDefinitionKey": fee["decisionDefinitionKey"],
            "decisionRequirementsKey": model["decisionRequirementsKey"],
        })
    );
    let again = server.deploy_all(&files).await.done();
    assert_ne!(again["deploymentKey"], first["deploymentKey"]);
    assert_eq!(again["deployments"], first["deployments"]);
}

#[tokio::test]
async fn a_decision_is_evaluated_by_id_and_by_key() {
    let server = Server::start().await;
    server.deploy("fees.dmn", FEES).await.done();
    let body = json!({"decisionDefinitionId": "fee", "variables": {"age": 12, "amount": 5.50}});
    let found = server.post("/v2/decision-definitions/evaluation", &body).await;
    assert_eq!(found["output"], "2.75");
    assert_eq!(
        (&found["failureMessage"], &found["failedDecisionDefinitionId"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(found["decisionDefinitionName"], "Fee");
    assert_eq!(found["decisionRequirementsId"], "fees");
    let decisions = found["evaluatedDecisions"].as_array().expect("a list");
    assert_eq!(decisions[0]["decisionDefinitionType"], "LITERAL_EXPRESSION");
    let evaluation = found["decisionEvaluationKey"].as_str().expect("a key");
    assert_eq!(decisions[1]["decisionEvaluationInstanceKey"], format!("{evaluation}-2"));
    let inputs = json!([{"inputId": "in", "inputName": "Age", "inputValue": "12"}]);
    assert_eq!(decisions[1]["evaluatedInputs"], inputs);
    let rules = json!([{"ruleId": "young", "ruleIndex": 1, "evaluatedOutputs": [
        {"outputId": "out", "outputName": "fee", "outputValue": "2.75", "ruleId": "young", "ruleIndex": 1},
    ]}]);
    assert_eq!(decisions[1]["matchedRules"], rules);
    assert_eq!(decisions[1]["warnings"], json!([]));

    let nothing = json!({"decisionDefinitionId": "fee", "variables": {}});
    let odd = server.post("/v2/decision-definitions/evaluation", &nothing).await;
    let warning = odd["evaluatedDecisions"][1]["warnings"][0].as_str().expect("a warning");
    assert!(warning.contains("expected a variable 'age', found none"), "{warning}");
    let search = json!({"filter": {"decisionEvaluationKey": odd["decisionEvaluationKey"]}});
    let kept = server.post("/v2/decision-instances/search", &search).await;
    assert_eq!(kept["items"][1]["warnings"][0], warning);

    let by_key =
        json!({"decisionDefinitionKey": found["decisionDefinitionKey"], "variables": {"age": 50}});
    assert_eq!(server.post("/v2/decision-definitions/evaluation", &by_key).await["output"], "10");

    let path = format!("/v2/decision-instances/{evaluation}-2");
    let read = server.get(&path).await.done();
    assert_eq!((&read["state"], &read["result"]), (&json!("EVALUATED"), &json!("2.75")));
    assert_eq!((&read["evaluatedInputs"], &read["matchedRules"]), (&inputs, &rules));
    assert_eq!(read["rootDecisionDefinitionKey"], found["decisionDefinitionKey"]);
    for name in [format!("{evaluation}-3"), format!("{evaluation}-9"), "77-1".into()] {
        server.get(&format!("/v2/decision-instances/{name}")).await.problem(404);
    }
    for name in ["77", "a-1", "77-0", "77-x"] {
        server.get(&format!("/v2/decision-instances/{name}")).await.problem(400);
    }
}

#[tokio::test]
async fn no_result_is_an_answer_and_an_incident() {
    let server = Server::start().await;
    server.deploy_all(&[("fees.dmn", FEES), ("rate.bpmn", RATE)]).await.done();
    let body = json!({"decisionDefinitionId": "fee", "variables": {"age": 15, "amount": 1}});
    let found = server.post("/v2/decision-definitions/evaluation", &body).await;
    assert_eq!(
        (&found["output"], &found["failedDecisionDefinitionId"]),
        (&json!("null"), &json!("fee"))
    );
    let message = found["failureMessage"].as_str().expect("a text");
    for part in ["'fee'", "found rules 1, 2", "Age = 15"] {
        assert!(message.contains(part), "{part} in {message}");
    }
    let instance = create(&server, "rate", json!({"age": 15, "amount": 1})).await;
    let search = json!({"filter": {"processInstanceKey": instance, "state": "FAILED"}});
    let failed = server.post("/v2/decision-instances/search", &search).await;
    assert_eq!(failed["items"][0]["evaluationFailure"], message);
    let search = json!({"filter": {"processInstanceKey": instance}});
    let incidents = server.post("/v2/incidents/search", &search).await;
    assert_eq!(incidents["items"][0]["errorType"], "DECISION_EVALUATION_ERROR");
    assert_eq!(incidents["items"][0]["errorMessage"], message);
    let path = format!("/v2/element-instances/{instance}/variables");
    let set = server.call("PUT", &path, &json!({"variables": {"age": 12}})).await;
    assert_eq!(set.status, 204, "{}", set.text);
    let key = incidents["items"][0]["incidentKey"].as_str().expect("a key");
    assert_eq!(
        server.text("POST", &format!("/v2/incidents/{key}/resolution"), "").await.status,
        204
    );
    let read = server.get(&format!("/v2/process-instances/{instance}")).await.done();
    assert_eq!(read["state"], "COMPLETED");
    let search = json!({"filter": {"processInstanceKey": instance, "name": "result"}});
    let variables = server.post("/v2/variables/search", &search).await;
    assert_eq!(variables["items"][0]["value"], "0.5");
}

#[tokio::test]
async fn versions_are_searched_and_read_back() {
    let server = Server::start().await;
    server.deploy("fees.dmn", FEES).await.done();
    let changed = FEES.replace("10", "20");
    server.deploy("fees.dmn", &changed).await.done();
    let search = json!({"filter": {"decisionDefinitionId": "fee"}, "sort": [{"field": "version"}]});
    let found = server.post("/v2/decision-definitions/search", &search).await;
    assert_eq!(found["page"]["totalItems"], 2);
    let latest = json!({"filter": {"decisionDefinitionId": "fee", "isLatestVersion": true}});
    let latest = server.post("/v2/decision-definitions/search", &latest).await;
    assert_eq!(latest["items"], json!([found["items"][1]]));
    let item = &latest["items"][0];
    assert_eq!((&item["version"], &item["decisionRequirementsVersion"]), (&json!(2), &json!(2)));
    let key = item["decisionDefinitionKey"].as_str().expect("a key");
    let model = item["decisionRequirementsKey"].as_str().expect("a key");
    let read = server.get(&format!("/v2/decision-definitions/{key}")).await.done();
    assert_eq!(read, *item);
    let xml = server.get(&format!("/v2/decision-definitions/{key}/xml")).await;
    assert_eq!(xml.text, changed);
    let xml = server.get(&format!("/v2/decision-requirements/{model}/xml")).await;
    assert_eq!(xml.text, changed);
    assert!(xml.header("content-type").starts_with("text/xml"));
    let models = json!({"filter": {"decisionRequirementsName": "Fees", "version": 2}});
    let models = server.post("/v2/decision-requirements/search", &models).await;
    let read = server.get(&format!("/v2/decision-requirements/{model}")).await.done();
    assert_eq!(models["items"], json!([read]));
    for path in [
        "decision-definitions/77",
        "decision-definitions/77/xml",
        "decision-requirements/77",
        "decision-requirements/77/xml",
    ] {
        server.get(&format!("/v2/{path}")).await.problem(404);
    }
}

#[tokio::test]
async fn instances_are_searched_by_every_field() {
    let server = Server::start().await;
    server.deploy_all(&[("fees.dmn", FEES), ("rate.bpmn", RATE)]).await.done();
    let instance = create(&server, "rate", json!({"age": 50, "amount": 1})).await;
    let all = json!({"filter": {"processInstanceKey": instance, "decisionDefinitionId": "fee"}});
    let found = server.post("/v2/decision-instances/search", &all).await;
    let item = found["items"][0].as_object().expect("an object");
    assert_eq!(item["decisionDefinitionType"], "DECISION_TABLE");
    assert!(item["elementInstanceKey"].is_string() && item["processDefinitionKey"].is_string());
    let fields = item.iter().filter(|(name, _)| {
        !matches!(name.as_str(), "rootProcessInstanceKey" | "result" | "warnings")
    });
    for (name, value) in fields.filter(|(_, value)| !value.is_null()) {
        let search = json!({"filter": {name: value, "decisionDefinitionId": "fee"}, "sort": [{"field": name}]});
        let found = server.post("/v2/decision-instances/search", &search).await;
        assert_eq!(found["items"][0].as_object(), Some(item), "{name}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_model_is_told_with_its_place() {
    let server = Server::start().await;
    let broken = FEES.replace("amount / 2", "amount /");
    let problem = server.deploy("fees.dmn", &broken).await.problem(400);
    let detail = problem["detail"].as_str().expect("a text");
    assert!(detail.contains("fees.dmn:4:38: element 'base': expected an expression"), "{detail}");
    let alone = server.deploy("rate.bpmn", RATE).await.problem(400);
    let detail = alone["detail"].as_str().expect("a text");
    assert!(
        detail.contains("rate.bpmn:9:31: element 'decide': expected decision 'fee'"),
        "{detail}"
    );
}

fn kinds(items: &[Value]) -> Vec<&str> {
    let kind = |item: &'_ Value| -> &'static str {
        let all =
            ["processDefinition", "decisionDefinition", "decisionRequirements", "form", "resource"];
        let present: Vec<_> = all.into_iter().filter(|it| item[*it].is_object()).collect();
        assert_eq!(present.len(), 1, "{item}");
        present[0]
    };
    items.iter().map(kind).collect()
}
