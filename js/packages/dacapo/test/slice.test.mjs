// The slice of one instance is played like a log, and says of its instance what the whole log says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine, Replay, bpmn, verifyLog } from "dacapo";
import { logs } from "./golden.mjs";

/** The head of a slice: magic, format, flags, partition, first position, hash before it, no genesis, subject. */
const HEAD_BYTES = 8 + 2 + 2 + 2 + 8 + 32 + 4 + 8;

/** What people ask about an instance. Of what others did, such as messages with other keys, a slice does not tell enough. Names are numbered as a log meets them, so what comes in their order is sorted. */
function told(replay, key) {
  const plain = (name, it) => (name === "nearMisses" ? [] : it instanceof Map ? [...it].sort() : typeof it === "bigint" ? `${it}` : it);
  const sorted = (list) => list.map((it) => JSON.stringify(it, plain)).sort();
  const why = JSON.stringify(replay.why(key), (name, it) => (Array.isArray(it) && name !== "nearMisses" ? sorted(it) : plain(name, it)));
  return { tokens: sorted(replay.tokens(key)), variables: sorted([...replay.variables(key)]), why };
}

test("golden logs: every instance alone is where the whole log has it", async () => {
  let hidden = 0;
  for (const { bytes } of logs) {
    const whole = new Replay(bytes);
    assert.equal(whole.slice, null);
    for (const { key } of whole.instances()) {
      const file = whole.sliceOf(key);
      const slice = await Replay.open(file);
      assert.equal(slice.slice.instanceKey, key);
      assert.equal(slice.frameCount + slice.slice.framesHidden, whole.frameCount);
      assert.deepEqual(slice.instances().map((it) => it.key), [key]);
      hidden += slice.slice.framesHidden;
      while (slice.step()) {
        whole.seek(slice.place.position);
        assert.deepEqual(told(slice, key), told(whole, key), `${key} at ${slice.place.position}`);
      }
      assert.deepEqual(slice.writes(key), whole.writes(key));
      assert.equal(slice.place.digest, "", "the state of a slice is not the state of the log");
      const verdict = slice.slice.framesHidden > 0 ? "chained only" : "re-derived";
      for (const report of [verifyLog(file), slice.verify()]) assert.equal(report.verdict, verdict);
      assert.equal(slice.verifyNext(1_000_000), slice.frameCount);
      assert.deepEqual(slice.report, slice.verify());
    }
  }
  assert.ok(hidden > 0);
});

function two() {
  const engine = new Engine({ now: 1_000 });
  engine.deploy([{ name: "p.bpmn", content: bpmn("p", "start -> work:service(work) -> end") }]);
  const [one, other] = ["a", "b"].map((id) => engine.createInstance({ processId: "p", variables: { id } }));
  return { engine, one, other };
}

test("a slice shows nothing of others, even where one step touched both", () => {
  const { engine, one, other } = two();
  engine.activateJobs({ jobType: "work", jobsMax: 2 });
  const slice = new Replay(engine.replay().sliceOf(one));
  slice.seekEnd();
  assert.equal(slice.tokens(one).length, 2);
  assert.deepEqual(slice.tokens(other), []);
  assert.equal(slice.nearest(slice.lastPosition), slice.place.position);
});

test("what needs the whole log refuses a slice by name", () => {
  const { engine, one, other } = two();
  const slice = new Replay(engine.replay().sliceOf(one));
  assert.throws(() => slice.redacted(new Uint8Array(32), []), { name: "DacapoError", code: "frame_not_shown" });
  assert.throws(() => slice.sliceOf(one), { code: "frame_not_shown" });
  assert.throws(() => slice.extend(engine.log()), { name: "DacapoError" });
  const hidden = engine.replay().instances().find((it) => it.key === other).from;
  assert.throws(() => slice.seek(hidden), { code: "place_not_found" });
});

test("a damaged slice ends in an error with a code, or is not what it seems by its chain", () => {
  const { engine, one } = two();
  const [job] = engine.activateJobs({ jobType: "work", jobsMax: 1 });
  engine.completeJob({ jobKey: job.jobKey });
  const file = engine.replay().sliceOf(one);
  for (let at = 0; at < file.length; at += 1) {
    const flipped = Uint8Array.from(file);
    flipped[at] ^= 1 << (at % 8);
    try {
      const replay = new Replay(flipped);
      replay.seekEnd();
      // Only what the chain does not cover may differ: of which instance the file is, by its head.
      assert.ok(at < HEAD_BYTES, `byte ${at}`);
    } catch (error) {
      assert.match(error.code, /^[a-z_]+$/, `byte ${at}: ${error.message}`);
    }
  }
});
