//! The HTTP API, asked of the real server.

mod decisions;
mod draining;
mod idempotency;
mod jobs;
mod malformed;
mod own;
mod paging;
mod postgres;
mod refused;
mod searches;
mod security;
mod shapes;
mod unserved;
mod walk;

use dacapo_tests::server::Server;
use serde_json::{Value, json};

/// One service task of type `work`.
pub const ONE_TASK: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
             xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="urn:test">
  <!-- é: not only ASCII -->
  <process id="one" name="One task" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="task"/>
    <serviceTask id="task" name="Work">
      <extensionElements>
        <zeebe:taskDefinition type="work" retries="3"/>
        <zeebe:taskHeaders><zeebe:header key="k" value="v"/></zeebe:taskHeaders>
      </extensionElements>
    </serviceTask>
    <sequenceFlow id="f2" sourceRef="task" targetRef="end"/>
    <endEvent id="end"/>
  </process>
</definitions>
"#;

/// Waits for a message `paid` with the key of the variable `order`.
pub const ONE_MESSAGE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
             xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="urn:test">
  <message id="paid" name="paid">
    <extensionElements><zeebe:subscription correlationKey="=order"/></extensionElements>
  </message>
  <process id="wait" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="catch"/>
    <intermediateCatchEvent id="catch">
      <messageEventDefinition id="d" messageRef="paid"/>
    </intermediateCatchEvent>
    <sequenceFlow id="f2" sourceRef="catch" targetRef="end"/>
    <endEvent id="end"/>
  </process>
</definitions>
"#;

/// Ends at once.
pub const NO_TASK: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:test">
  <process id="none" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="end"/>
    <endEvent id="end"/>
  </process>
</definitions>
"#;

/// Starts a server with the process `one`; returns its key too.
pub async fn server_with_one() -> (Server, String) {
    let server = Server::start().await;
    let deployed = server.deploy("one.bpmn", ONE_TASK).await.done();
    let definition = &deployed["deployments"][0]["processDefinition"]["processDefinitionKey"];
    let key = definition.as_str().expect("a key").to_owned();
    (server, key)
}

/// Creates an instance of a process; returns its key.
pub async fn create(server: &Server, process: &str, variables: Value) -> String {
    let body = json!({ "processDefinitionId": process, "variables": variables });
    let created = server.post("/v2/process-instances", &body).await;
    created["processInstanceKey"].as_str().expect("a key").to_owned()
}

/// Takes jobs of type `work` that are there.
pub async fn activate(server: &Server, count: u32) -> Vec<Value> {
    let body = json!({
        "type": "work", "worker": "test", "timeout": 60_000, "maxJobsToActivate": count, "requestTimeout": -1,
    });
    let answer = server.post("/v2/jobs/activation", &body).await;
    answer["jobs"].as_array().expect("a list").clone()
}

/// Takes the one job of type `work`; returns its key.
pub async fn activate_one(server: &Server) -> String {
    let jobs = activate(server, 1).await;
    jobs.first().expect("a job")["jobKey"].as_str().expect("a key").to_owned()
}
