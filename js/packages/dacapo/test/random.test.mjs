// Whatever is asked of the engine in JavaScript, the native engine decides the same, byte by byte.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { Engine, bpmn } from "dacapo";
import fc from "fast-check";

const binary = process.env.DACAPO_BIN;
const folder = mkdtempSync(join(tmpdir(), "dacapo-random-"));
after(() => rmSync(folder, { recursive: true }));

const process1 = bpmn("work", `
  start -> a:service(a) -> split:and
  split -> b:service(b) -> join:and
  split -> wait:timer(PT10S) -> join
  join -> route:xor
  route -[total > 5]-> paid:receive(paid, =id) -> end
  route -[else]-> other:end
  oops:boundary(error OOPS, on=a) -> fix:service(b) -> fixed:end
`);
const process2 = bpmn("second", "begin:start(message paid) -> c:service(a) -> rate:rule(rated = =id, deployment) -> end");
const rules = `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="rules" name="rules" namespace="rules">
  <decision id="o-1" name="base"><literalExpression><text>if total = null then uuid() else total * 2</text></literalExpression></decision>
  <decision id="o-2" name="fee">
    <informationRequirement><requiredDecision href="#o-1"/></informationRequirement>
    <decisionTable hitPolicy="UNIQUE">
      <input label="total"><inputExpression><text>total</text></inputExpression></input>
      <input label="id"><inputExpression><text>id</text></inputExpression></input><output name="fee"/>
      <rule><inputEntry><text>&gt; 5</text></inputEntry><inputEntry><text>-</text></inputEntry><outputEntry><text>base</text></outputEntry></rule>
      <rule><inputEntry><text>&lt; 100</text></inputEntry><inputEntry><text>"o-2"</text></inputEntry><outputEntry><text>{now: now(), x: [base, total]}</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>`;

const name = fc.constantFrom("total", "id", "__proto__", "é", "x y");
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null), fc.boolean(), fc.integer(), fc.bigInt(-(10n ** 33n), 10n ** 33n), fc.string({ unit: "binary", maxLength: 8 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom("o-1", "o-2", 7),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(fc.tuple(name, tie("value")), { maxLength: 3 }).map((it) => new Map(it)),
  ),
})).value;
const variables = fc.array(fc.tuple(name, value), { maxLength: 3 }).map((it) => new Map(it));
const nth = fc.nat(30);
const type = fc.constantFrom("a", "b", "c");
const id = fc.constantFrom("", "o-1", "o-2");
const request = fc.option(fc.constantFrom("r-1", "r-2"), { nil: undefined });

const command = fc.oneof(
  fc.record({ ask: fc.constant("createInstance"), processId: fc.constantFrom("work", "work", "second", "none"), variables, requestId: request }),
  fc.record({ ask: fc.constant("activateJobs"), jobType: type, jobsMax: fc.integer({ min: 1, max: 3 }), timeoutMs: fc.integer({ min: 1, max: 30_000 }) }),
  fc.record({ ask: fc.constant("completeJob"), nth, variables, requestId: request }),
  fc.record({ ask: fc.constant("failJob"), nth, retries: fc.integer({ min: 0, max: 2 }), backoffMs: fc.nat(9_000) }),
  fc.record({ ask: fc.constant("throwError"), nth, errorCode: fc.constantFrom("OOPS", "OTHER"), variables }),
  fc.record({ ask: fc.constant("publishMessage"), messageName: fc.constantFrom("paid", "none"), correlationKey: id, timeToLiveMs: fc.nat(20_000), variables }),
  fc.record({ ask: fc.constant("correlateMessage"), messageName: fc.constant("paid"), correlationKey: id, variables }),
  fc.record({ ask: fc.constant("setVariables"), nth, variables, isLocal: fc.boolean() }),
  fc.record({ ask: fc.constant("cancelInstance"), nth }),
  fc.record({ ask: fc.constant("evaluateDecision"), decisionId: fc.constantFrom("o-1", "o-2", "o-2", "none"), variables }),
  fc.record({ ask: fc.constant("advance"), ms: fc.nat(15_000) }),
);

// Commands name the nth of what there was; most keys mean something, some no longer.
function play(commands) {
  const engine = new Engine({ seed: "5eed", now: 1_000, limits: { stepEvents: 20 } });
  engine.deploy([{ name: "work.bpmn", content: process1 }, { name: "begin.bpmn", content: process2 }, { name: "rules.dmn", content: rules }]);
  const [jobs, instances] = [[], []];
  const pick = (of, index) => of[index % (of.length || 1)] ?? "7";
  for (const { ask, nth: index, ms, ...options } of commands) {
    try {
      switch (ask) {
        case "createInstance": instances.push(engine.createInstance(options)); break;
        case "activateJobs": jobs.push(...engine.activateJobs(options).map((it) => it.jobKey)); break;
        case "setVariables": engine.setVariables({ ...options, scopeKey: pick(instances, index) }); break;
        case "cancelInstance": engine.cancelInstance(pick(instances, index)); break;
        case "advance": engine.advance(ms); break;
        case "evaluateDecision":
        case "publishMessage":
        case "correlateMessage": engine[ask](options); break;
        default: engine[ask]({ ...options, jobKey: pick(jobs, index) });
      }
    } catch (error) {
      assert.ok(["DacapoRejection", "DacapoError"].includes(error.name), error.stack);
    }
  }
  return engine;
}

test("random commands give the same records and digests natively", { timeout: 300_000 }, async () => {
  assert.ok(binary, "expected DACAPO_BIN to name the native server: cargo xtask test --only build,wasm,js");
  let number = 0;
  let rejected = 0;
  let records = 0;
  const property = fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 60 }), async (commands) => {
    const engine = play(commands);
    const again = play(commands);
    assert.deepEqual(again.place, engine.place);
    const replay = engine.replay();
    assert.equal(replay.seekEnd().digest, engine.place.digest);
    rejected += replay.rejections(0, 10_000).rejections.length;
    records += replay.lastPosition;
    number += 1;
    const file = join(folder, `${number}.dacapo`);
    writeFileSync(file, engine.log());
    const { stdout } = await promisify(execFile)(binary, ["log", "verify", "--json", "--file", file], { timeout: 60_000 });
    assert.equal(JSON.parse(stdout).verdict, "re-derived");
  });
  await fc.assert(property, { numRuns: 60, includeErrorInReport: true, seed: Number(process.env.DACAPO_SEED ?? 20_300_101) });
  // The commands reach somewhere: otherwise nothing was compared.
  assert.ok(rejected > 50 && records > 2_000, `${rejected} refusals in ${records} records`);
});
