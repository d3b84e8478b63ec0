// A whole engine in memory: it writes what the native engine wrote, and tests a process in a few lines.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine, Replay, bpmn, verifyLog } from "dacapo";
import { commandOf, isAsked, logs, orRejected } from "./golden.mjs";

const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const camelKeys = (it) => Object.fromEntries(Object.entries(it).map(([name, value]) => [camel(name), value]));

// Begins an engine on the terms of a log.
function engineOf(replay) {
  const [genesis, leader] = [1, 2].map((at) => JSON.parse(replay.frames(at, at)[0]));
  const { seed, limits, partition } = genesis.command.body;
  return new Engine({
    seed: seed.map((part) => BigInt(part).toString(16).padStart(16, "0")).join(""),
    now: genesis.timestamp,
    partition,
    engineVersion: leader.command.body.engine_version,
    limits: camelKeys(limits),
  });
}

for (const { name, bytes, frames } of logs) {
  test(`${name}: the same commands make the same log`, () => {
    const replay = new Replay(bytes);
    const engine = engineOf(replay);
    for (const frame of frames.slice(2)) {
      const [text] = replay.frames(frame.first, frame.first);
      engine.advance(frame.timestamp - engine.now);
      if (/ L log\.limits_changed/.test(frame.lines[0])) {
        engine.changeLimits(camelKeys(JSON.parse(text).command.body.limits));
      } else if (isAsked(text)) {
        orRejected(() => engine.submit(commandOf(text)));
      }
    }
    assert.deepEqual(engine.place, replay.seekEnd());
    assert.deepEqual(Buffer.from(engine.log()), bytes);
  });
}

const order = bpmn("order", `
  start -> ship:service(ship-order) -> late:timer(PT1H) -> end
  late2:boundary(error LATE, on=ship) -> refund:manual -> refunded:end
  ship.header(carrier = post)
`);

function begin(options) {
  const engine = new Engine(options);
  const [definition] = engine.deploy([{ name: "order.bpmn", content: order }]);
  return { engine, definition };
}

test("a process runs from its start to its end", () => {
  const { engine, definition } = begin({ seed: "c0ffee", now: Date.UTC(2030, 0, 1) });
  assert.deepEqual({ ...definition, processDefinitionKey: "" }, { processDefinitionKey: "", processId: "order", version: 1 });
  assert.match(definition.processDefinitionKey, /^\d{17,19}$/);

  const key = engine.createInstance({ processId: "order", variables: { total: 12.5, items: new Map([["__proto__", 1n]]) } });
  assert.ok(engine.isRunning(key));
  const [job, ...others] = engine.activateJobs({ jobType: "ship-order", worker: "anna", timeoutMs: 60_000 });
  assert.equal(others.length, 0);
  assert.equal(job.processInstanceKey, key);
  assert.equal(job.worker, "anna");
  assert.equal(job.deadline, engine.now + 60_000);
  assert.deepEqual(job.headers, new Map([["carrier", "post"]]));
  assert.deepEqual(job.variables, new Map([["total", 12.5], ["items", new Map([["__proto__", 1]])]]));

  engine.completeJob({ jobKey: job.jobKey, variables: { parcel: "p-1" } });
  const [wait] = engine.why(key).children[0].waits;
  assert.deepEqual({ kind: wait.kind, due: wait.due, eventId: wait.eventId }, { kind: "timer", due: engine.now + 3_600_000, eventId: "late" });
  assert.deepEqual(engine.tokens(key).map((it) => it.elementId), ["order", "late"]);
  assert.equal(engine.variables(key).get("parcel"), "p-1");

  engine.advance(3_599_999);
  assert.ok(engine.isRunning(key));
  engine.advance(1);
  assert.ok(!engine.isRunning(key));
  assert.equal(engine.why(key), null);
  assert.deepEqual(engine.tokens(key), []);
  assert.equal(verifyLog(engine.log()).verdict, "re-derived");
  assert.equal(engine.replay().seekEnd().digest, engine.place.digest);
});

test("an incident is resolved, an error is caught, an instance is cancelled", () => {
  const { engine } = begin();
  const keys = [1, 2, 3].map(() => engine.createInstance({ processId: "order" }));
  const jobs = engine.activateJobs({ jobType: "ship-order" });
  engine.failJob({ jobKey: jobs[0].jobKey, retries: 0, errorMessage: "no stock" });
  const [, incident] = engine.why(keys[0]).children[0].waits;
  assert.deepEqual([incident.kind, incident.message], ["incident", "no stock"]);
  engine.updateJob({ jobKey: jobs[0].jobKey, retries: 1 });
  engine.resolveIncident(incident.key);
  assert.equal(engine.activateJobs({ jobType: "ship-order" }).length, 1);
  engine.throwError({ jobKey: jobs[1].jobKey, errorCode: "LATE" });
  assert.deepEqual(keys.map((key) => engine.isRunning(key)), [true, false, true]);
  engine.setVariables({ scopeKey: keys[2], variables: { note: "x".repeat(10), exact: 12345678901234567890n } });
  assert.deepEqual(engine.variables(keys[2]).get("exact"), "12345678901234567890");
  engine.cancelInstance(keys[2]);
  assert.ok(!engine.isRunning(keys[2]));
});

test("a message is correlated, and one that nobody awaits is refused", () => {
  const engine = new Engine();
  engine.deploy([{ name: "p.bpmn", content: new TextEncoder().encode(bpmn("p", "start -> r:receive(paid, =id) -> end")) }]);
  const key = engine.createInstance({ processId: "p", variables: { id: "o-1" } });
  engine.publishMessage({ messageName: "paid", correlationKey: "o-1", variables: { amount: 3 } });
  assert.ok(!engine.isRunning(key));
  assert.throws(() => engine.correlateMessage({ messageName: "paid", correlationKey: "o-1" }), { code: "message_not_awaited" });
});

test("a repeated request has its first outcome", () => {
  const { engine } = begin();
  const command = { intent: "instance.create", request_id: "r-1", body: { process_id: "order", variables: {} } };
  const first = engine.submit(command);
  assert.equal(first.isDuplicate, false);
  assert.deepEqual(engine.submit(command), { position: first.position, isDuplicate: true, events: [] });
  assert.throws(() => engine.submit({ ...command, body: { ...command.body, variables: { a: 1 } } }), { code: "request_conflict" });
  assert.equal(engine.submit({ intent: "job.activate", body: { job_type: "none", worker: "w", timeout_ms: 1, jobs_max: 1 } }), null);
});

test("what is no command is refused with what is wrong, and nothing happens", () => {
  const { engine } = begin();
  const { position } = engine.place;
  const refused = (ask, code, message) => assert.throws(ask, { name: "DacapoError", code, message });
  refused(() => engine.createInstance({ processId: "order", variables: { a: () => 1 } }), "argument_malformed", /plain data/);
  refused(() => engine.createInstance({ processId: "order", variables: { a: new Date() } }), "argument_malformed", /plain data/);
  refused(() => engine.createInstance({ processId: "order", variables: { a: Number.NaN } }), "argument_malformed", /finite/);
  refused(() => engine.createInstance({ process: "order" }), "body_malformed", /unknown field `process`, expected one of process_id, /);
  refused(() => engine.completeJob({}), "body_malformed", /missing field `job_key`/);
  refused(() => engine.submit({ intent: "job.created", body: {} }), "intent_unknown", /job\.created/);
  refused(() => engine.submit("{"), "json_malformed", /byte 1/);
  refused(() => engine.advance(-1), "time_went_back", /at least 0/);
  refused(() => new Engine({ sead: "1" }), "argument_malformed", /sead/);
  refused(() => new Engine({ limits: { stepEvents: -1 } }), "argument_malformed", /stepEvents/);
  refused(() => bpmn("p", "start ->"), "argument_malformed", /./);
  const deep = [];
  deep.push(deep);
  refused(() => engine.createInstance({ processId: "order", variables: { deep } }), "argument_malformed", /nesting/);
  assert.equal(engine.place.position, position);
  assert.throws(() => engine.deploy([{ name: "x.bpmn", content: "<no" }]), { name: "DacapoRejection", code: "resources_not_valid" });
});

const fees = `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="fees" name="Fees" namespace="fees">
  <decision id="base" name="Base"><literalExpression><text>amount / 2</text></literalExpression></decision>
  <decision id="fee" name="Fee">
    <extensionElements><zeebe:versionTag value="v1"/></extensionElements>
    <informationRequirement><requiredDecision href="#base"/></informationRequirement>
    <decisionTable hitPolicy="UNIQUE">
      <input id="in" label="Age"><inputExpression><text>age</text></inputExpression></input><output id="out" name="fee"/>
      <rule id="young"><inputEntry><text>&lt; 18</text></inputEntry><outputEntry><text>Base</text></outputEntry></rule>
      <rule id="teen"><inputEntry><text>[13..100]</text></inputEntry><outputEntry><text>10</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>`;

test("decisions are deployed, evaluated and called by processes", () => {
  const engine = new Engine();
  const rate = bpmn("rate", "start -> decide:rule(result = fee, tag v1) -> end");
  const deployed = engine.deploy([{ name: "rate.bpmn", content: rate }, { name: "fees.dmn", content: fees }]);
  assert.deepEqual(deployed.map((it) => it.processId), ["rate"]);
  assert.deepEqual(deployed.decisions.map((it) => [it.decisionId, it.version, it.versionTag]), [["base", 1, null], ["fee", 1, "v1"]]);
  const [, { decisionKey }] = deployed.decisions;
  const again = engine.deploy([{ name: "fees.dmn", content: fees }]);
  assert.deepEqual([again.length, again.decisions.length], [0, 0]);

  const variables = { age: 12, amount: 5.5 };
  const evaluation = engine.evaluateDecision({ decisionKey, variables });
  assert.equal(evaluation.output, 2.75);
  assert.equal(evaluation.failedDecisionId, null);
  const [base, fee] = evaluation.decisions;
  assert.deepEqual([base.decisionType, fee.decisionType], ["LITERAL_EXPRESSION", "DECISION_TABLE"]);
  assert.equal(base.key, evaluation.evaluationKey);
  assert.deepEqual(fee.inputs, [{ id: "in", name: "Age", value: 12 }]);
  assert.deepEqual(fee.rules, [{ id: "young", index: 1, outputs: [{ id: "out", name: "fee", value: 2.75 }] }]);

  const failed = engine.evaluateDecision({ decisionId: "fee", variables: { age: 15, amount: 1 } });
  assert.deepEqual([failed.output, failed.failedDecisionId], [null, "fee"]);
  assert.match(failed.errorMessage, /found rules 1, 2; Age = 15/);
  assert.throws(() => engine.evaluateDecision({ decisionId: "none" }), { name: "DacapoRejection", code: "decision_not_found" });
  assert.throws(() => engine.evaluateDecision({}), { name: "DacapoRejection", code: "decision_not_named" });

  const instance = engine.createInstance({ processId: "rate", variables });
  assert.equal(engine.result(instance).get("result"), 2.75);
  const blocked = engine.createInstance({ processId: "rate", variables: { age: 15, amount: 1 } });
  const { waits: [incident] } = engine.why(blocked).children[0];
  assert.equal(incident.incidentKind, "DECISION_EVALUATION_ERROR");
  engine.setVariables({ scopeKey: blocked, variables: { age: 12 } });
  engine.resolveIncident(incident.key);
  assert.equal(engine.result(blocked).get("result"), 0.5);
  assert.equal(verifyLog(engine.log()).verdict, "re-derived");
});
