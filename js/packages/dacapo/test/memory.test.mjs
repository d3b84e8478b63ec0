// A log that is played needs at most twice its size and 64 MB.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine, Replay, bpmn } from "dacapo";
import { initSync } from "../dist/dacapo.js";
import { longLog } from "./golden.mjs";

const RECORDS = 150_000;
const SPARE_BYTES = 64 * 1024 * 1024;

test("opened, played, indexed and jumped through", async () => {
  const log = longLog(Engine, bpmn, RECORDS);
  // What is loaded already is handed out as it is. The engine that wrote the log has had its memory from it too.
  const { memory } = initSync({ module: undefined });
  const replay = await Replay.open(log);
  replay.seekEnd();
  assert.ok(replay.instances().length > 1_000);
  assert.equal(replay.records().positions.length, replay.lastPosition);
  for (let count = 1; count < 200; count += 1) replay.seek(1 + ((count * 7_919) % replay.lastPosition));
  const { byteLength } = memory.buffer;
  assert.ok(byteLength > log.length, "it is this memory");
  assert.ok(byteLength <= 2 * log.length + SPARE_BYTES, `${byteLength} bytes for a log of ${log.length}`);
});
