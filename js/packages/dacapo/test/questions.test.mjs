// What a debugger asks: where a record comes from, who was refused, who would take a message, what another future would bring.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine, Verifying, bpmn, verifyLog } from "dacapo";
import { logs } from "./golden.mjs";
import { Replay } from "dacapo";

const DAY = 24 * 3_600_000;

function order() {
  const engine = new Engine({ now: 1_000 });
  engine.deploy([{ name: "order.bpmn", content: bpmn("order", `
    start -> ship:service(ship) -> route:xor
    route -[total > 100]-> big:receive(paid, =id) -> done:end
    route -[else]-> small:timer(P1D) -> done2:end
  `) }]);
  const key = engine.createInstance({ processId: "order", variables: { total: 7, id: "o-1" } });
  return { engine, key };
}

test("everything leads back to a command of a client", () => {
  const { engine, key } = order();
  const [job] = engine.activateJobs({ jobType: "ship" });
  engine.completeJob({ jobKey: job.jobKey });
  engine.advance(DAY);
  const replay = engine.replay();
  const intents = replay.describe(Float64Array.from(replay.causes(replay.lastPosition))).map((it) => it.intent);
  assert.deepEqual(intents, ["instance.completed", "timer.trigger", "timer.armed", "job.complete", "job.created", "instance.create"]);
  assert.throws(() => replay.causes(10_000), { code: "place_not_found" });
  assert.ok(!engine.isRunning(key));
});

test("golden logs: every way back ends, and goes back", () => {
  for (const { bytes } of logs) {
    const replay = new Replay(bytes);
    for (let at = 1; at <= replay.lastPosition; at += 1) {
      const way = replay.causes(at);
      assert.equal(way[0], at);
      way.reduce((later, earlier) => (assert.ok(earlier < later), earlier));
      // One step of it is what the record says of itself.
      assert.equal(replay.describe(Float64Array.of(at))[0].cause, way[1] ?? null);
    }
  }
});

test("refusals are listed in parts", () => {
  const { engine } = order();
  for (const jobKey of ["7", "8", "9"]) {
    assert.throws(() => engine.completeJob({ jobKey, actor: "anna" }), { code: "job_not_found" });
  }
  const replay = engine.replay();
  const found = [];
  for (let from = 0; from !== null; ) {
    const { rejections, next } = replay.rejections(from, 2);
    found.push(...rejections);
    from = next;
  }
  assert.deepEqual(found.map(({ intent, code, class: kind, field, actor, isImposed }) => ({ intent, code, kind, field, actor, isImposed })),
    Array(3).fill({ intent: "job.complete", code: "job_not_found", kind: "not_found", field: "job_key", actor: "anna", isImposed: false }));
  assert.equal(found.at(-1).position, replay.lastPosition);
});

test("who would take a message, in a replay and in a fork", () => {
  const { engine, key } = order();
  const replay = engine.replay();
  replay.seekEnd();
  assert.deepEqual(replay.messageWaits(), []);
  const fork = replay.fork();
  fork.setVariables({ scopeKey: key, variables: { total: 1_000 } });
  const [job] = fork.activateJobs({ jobType: "ship", fetchVariables: ["total"] });
  assert.deepEqual(job.variables, new Map([["total", 1_000]]));
  fork.completeJob({ jobKey: job.jobKey });
  const [wait] = fork.receivers("paid", "o-1");
  assert.deepEqual([wait.processInstanceKey, wait.elementId, wait.correlationKey], [key, "big", "o-1"]);
  assert.deepEqual(fork.receivers("paid", "o-2"), []);
  assert.equal(fork.evaluate("=total > 100", key).value, true);
  assert.equal(replay.evaluate("total > 100", key).value, false);
  assert.ok(fork.diff(replay).some((it) => it.table === "variables"));
  assert.deepEqual(replay.fork().diff(replay), []);
  fork.publishMessage({ messageName: "paid", correlationKey: "o-1" });
  assert.deepEqual(fork.tokens(key), []);
  assert.throws(() => fork.resolveIncident("9"), { name: "DacapoRejection", code: "incident_not_found" });
  assert.ok(engine.isRunning(key));
});

test("a fork takes the rest of its log again", () => {
  const { engine } = order();
  const [job] = engine.activateJobs({ jobType: "ship" });
  const { position } = engine.place;
  engine.completeJob({ jobKey: job.jobKey });
  const replay = engine.replay();
  replay.seek(position);
  const fork = replay.fork();
  const step = fork.stepAgain(replay, position + 1);
  assert.equal(step.position, position + 1);
  assert.equal(fork.place.digest, engine.place.digest);
  assert.throws(() => fork.stepAgain(replay, 10_000), { name: "DacapoError" });
});

test("an expression has a value, warnings, or what is wrong with it", () => {
  const { engine, key } = order();
  assert.equal(engine.evaluate("total * 2", key).value, 14);
  const { value, warnings } = engine.evaluate("missing + 1", null);
  assert.equal(value, null);
  assert.ok(warnings.length > 0 && warnings[0].end <= "missing + 1".length);
  assert.deepEqual(engine.evaluate(" = 1 + missing", null).warnings.map((it) => it.part).slice(0, 1), ["missing"]);
  assert.throws(() => engine.evaluate("total *", key), { code: "expression_malformed", message: /byte/ });
  assert.throws(() => engine.evaluate("1", "no key"), { code: "argument_malformed" });
});

test("an engine tells the path and the result of what has ended, and when it wakes", () => {
  const { engine, key } = order();
  assert.equal(engine.nextDue, null);
  const [job] = engine.activateJobs({ jobType: "ship", timeoutMs: 60_000 });
  assert.equal(engine.nextDue, 61_000);
  engine.completeJob({ jobKey: job.jobKey, variables: { parcel: "p" } });
  assert.equal(engine.nextDue, 1_000 + DAY);
  engine.advance(DAY);
  assert.deepEqual(engine.path(key), ["start", "ship", "route", "small", "done2"]);
  assert.deepEqual(engine.result(key), new Map([["id", "o-1"], ["parcel", "p"], ["total", 7]]));
  assert.deepEqual(engine.path("7"), []);
  engine.close();
});

test("a log is verified in parts", () => {
  for (const { bytes, frames } of logs) {
    const replay = new Replay(bytes);
    assert.equal(replay.report, null);
    assert.equal(replay.verifyNext(1), 1);
    let done = 1;
    while (done < frames.length) {
      const more = replay.verifyNext(3);
      assert.ok(more > done);
      done = more;
    }
    assert.equal(replay.verifyNext(3), frames.length);
    assert.deepEqual(replay.report, verifyLog(bytes));
    assert.equal(replay.place.position, 0);
  }
});

const verifiedAsItComes = (bytes, size) => {
  const verifying = new Verifying();
  for (let at = 0; at < bytes.length && verifying.push(bytes.subarray(at, at + size)); at += size);
  return verifying.finish();
};
const reportOf = (verify) => {
  try {
    return verify();
  } catch ({ code, position }) {
    return { code, position };
  }
};

test("a log that comes bit by bit is verified as one that is there, damaged or not", () => {
  for (const { name, bytes } of logs) {
    for (const size of [bytes.length, 1_000, 13]) assert.deepEqual(verifiedAsItComes(bytes, size), verifyLog(bytes), name);
    const step = Math.ceil(bytes.length / 40);
    for (let at = 0; at < bytes.length; at += step) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] ^= 1;
      for (const damaged of [flipped, bytes.subarray(0, at)]) {
        const [whole, parts] = [() => verifyLog(damaged), () => verifiedAsItComes(damaged, 100)].map(reportOf);
        assert.deepEqual(parts, whole, `${name} at ${at}`);
      }
    }
  }
});

test("what nearly ended a wait is told: by the state, and by the log when all of it was gone through", () => {
  const { engine, key } = order();
  engine.publishMessage({ messageName: "paid", correlationKey: "o-1" });
  const other = engine.createInstance({ processId: "order", variables: { total: 700, id: "o-1" } });
  for (const job of engine.activateJobs({ jobType: "ship", worker: "w", timeoutMs: 60_000, jobsMax: 5 })) {
    if (job.processInstanceKey === other) engine.completeJob({ jobKey: job.jobKey });
  }
  engine.publishMessage({ messageName: "paid", correlationKey: "o-2", timeToLiveMs: DAY });
  const waitOf = (it, instance) => it.why(instance).children[0].waits[0];
  assert.deepEqual(waitOf(engine, other).nearMisses.map(({ kind, found, until }) => ({ kind, found, until })), [{ kind: "other_key", found: "o-2", until: engine.now + DAY }]);
  assert.equal(waitOf(engine, key).until, engine.now + 60_000);
  const replay = engine.replay();
  replay.seekEnd();
  const kinds = () => waitOf(replay, other).nearMisses.map((it) => `${it.kind} ${it.found}`);
  assert.deepEqual(kinds(), ["other_key o-2"]);
  replay.instances();
  assert.deepEqual(kinds(), ["other_key o-2", "lost o-1"]);
  const { position } = waitOf(replay, other).nearMisses[1];
  assert.equal(replay.describe(Float64Array.of(position))[0].intent, "message.publish");
  // Before a worker came, the type of the job had been taken by nobody.
  replay.seek(replay.instances().find((it) => it.key === key).from);
  const [{ kind, found, position: first }] = waitOf(replay, key).nearMisses;
  assert.deepEqual([kind, found, replay.describe(Float64Array.of(first))[0].intent], ["never_taken", "ship", "job.activate"]);
  const slice = new Replay(replay.sliceOf(other));
  slice.seekEnd();
  slice.instances();
  assert.deepEqual(waitOf(slice, other).nearMisses, []);
});

test("what is returned can be cloned", () => {
  const { engine, key } = order();
  const replay = engine.replay();
  replay.seekEnd();
  const answers = [replay.place, replay.state(), replay.changes(), replay.tokens(key), replay.why(key), replay.variables(key), replay.records(), replay.instances(),
    replay.describe(Float64Array.of(1, 5)), replay.find("order", undefined, 0, 99), replay.writes(key), replay.visits(key, 99), replay.rejections(0, 9), replay.verify(null)];
  for (const answer of answers) {
    assert.deepEqual(structuredClone(answer), answer);
  }
});

// Letters of ASCII are found in capitals or not, others as they are.
const small = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const capital = (text) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase());

test("a search takes fields and regular expressions, and says what is wrong with them", () => {
  const { engine, key } = order();
  const replay = engine.replay();
  const found = (words) => replay.find(words, undefined, 0, 1_000).hits.map((it) => replay.describe(Float64Array.of(it))[0].intent);
  assert.deepEqual(found(`intent=instance.created instance_key=${key}`), ["instance.created"]);
  assert.deepEqual(found("= intent = \"instance.created\" and instance_key = \"" + key + "\""), ["instance.created"]);
  assert.ok(found("/^job#\\d+ /").length > 0);
  assert.ok(found("kind=command").every((it) => !it.endsWith(".created")));
  assert.throws(() => found("/job (/"), { message: "expected a closing parenthesis at character 6 of the regular expression" });
  assert.throws(() => found("jobtype=x"), /found `jobtype`; there are job_type, /);
});

test("a search finds the records that say its words, and no others", () => {
  for (const { name, bytes } of logs) {
    const replay = new Replay(bytes);
    const all = replay.describe(replay.records().positions);
    const said = all.map((it) => [it.position, small(`${it.intent} ${it.text}`)]);
    const words = new Set(said.flatMap(([, text]) => text.split(/\s+/)).filter((it) => it !== "" && !/^[=/]|^[a-z_]+=/.test(it)));
    for (const word of words) {
      const hits = [];
      for (let next = 0; next !== null; ) {
        const part = replay.find(capital(word), undefined, next, 5);
        hits.push(...part.hits);
        next = part.next;
      }
      assert.deepEqual(hits, said.filter(([, text]) => text.includes(word)).map(([position]) => position), `${name}: ${word}`);
    }
    replay.free();
  }
});

test("the state is one tree: every row is found where its change says", () => {
  const { engine, key } = order();
  const replay = engine.replay();
  replay.seekEnd();
  const rows = new Map();
  const walk = (id) => {
    const { nodes, total } = replay.stateBranch(id, 1_000);
    assert.equal(total, nodes.length);
    for (const node of nodes) {
      if (node.row !== null) rows.set(node.id, node.owner);
      if (!node.isLeaf) walk(node.id);
    }
  };
  walk("");
  const state = replay.state();
  assert.equal(rows.size, [...state.values()].reduce((sum, rows) => sum + rows.length, 0));
  for (const { id, owner } of replay.diff(0, replay.lastPosition)) assert.equal(rows.get(id), owner);
  const { node, nodes, total } = replay.stateBranch(`elements:${key}`, 1);
  assert.deepEqual([node.owner, node.table, nodes.length], [`instances:${key}`, "elements", 1]);
  assert.ok(total > 1);
  assert.deepEqual(replay.stateBranch("elements:1", 9), { node: null, nodes: [], total: 0 });
});
