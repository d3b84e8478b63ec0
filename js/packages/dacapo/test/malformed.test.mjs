// What is no log is refused with a name and a place, never with a trap.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Replay, verifyLog } from "dacapo";
import { logs, malformed } from "./golden.mjs";

function playAll(bytes) {
  const replay = new Replay(bytes);
  while (replay.step());
}

// Returns the error; anything but one of ours (a trap above all) fails the test.
function problem(play) {
  try {
    play();
    return null;
  } catch (error) {
    assert.equal(error.name, "DacapoError", `${error.name}: ${error.message}\n${error.stack}`);
    assert.match(error.code, /^[a-z_]+$/);
    assert.ok(Number.isSafeInteger(error.position), `${error.code} has no position`);
    return error;
  }
}

for (const { name, bytes, problem: expected } of malformed) {
  test(`${name} is refused as by the native reader`, () => {
    const { code, position, message } = problem(() => playAll(bytes));
    assert.deepEqual({ code, position: String(position), message }, expected);
  });
}

for (const { name, bytes } of logs) {
  test(`${name}: every flipped byte is found`, () => {
    const { digest } = new Replay(bytes).seekEnd();
    for (let round = 0; round < 500; round += 1) {
      const at = (round * 7919 + 13) % bytes.length;
      const damaged = Uint8Array.from(bytes);
      damaged[at] ^= 1 << (round % 8);
      assert.ok(problem(() => playAll(damaged)), `byte ${at} was flipped and nothing was found`);
      const report = problem(() => void assert.equal(verifyLog(damaged).verdict, "not verifiable", `byte ${at}`));
      assert.ok(report === null || report.code !== "decision_differs");
    }
    assert.equal(new Replay(bytes).seekEnd().digest, digest);
  });

  test(`${name}: every cut is found`, () => {
    for (let length = 0; length < bytes.length; length += 1 + Math.floor(bytes.length / 400)) {
      assert.ok(problem(() => new Replay(bytes.subarray(0, length))), `${length} bytes were taken for a log`);
    }
  });
}

test("an argument that is none is refused", () => {
  const replay = new Replay(logs[0].bytes);
  for (const position of [-1, 0.5, Number.NaN, Infinity, 2 ** 50]) {
    assert.throws(() => replay.seek(position), { name: "DacapoError", code: "argument_malformed" });
  }
  assert.throws(() => replay.seek(2 ** 40), { code: "place_not_found" });
  assert.throws(() => replay.why("seven"), { code: "argument_malformed" });
});
