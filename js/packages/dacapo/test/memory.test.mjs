// A log that is played needs at most twice its size and 64 MB.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
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

test("verified as it comes: none of it is kept", async () => {
  const log = longLog(Engine, bpmn, RECORDS);
  const folder = mkdtempSync(join(tmpdir(), "dacapo-memory-"));
  const path = join(folder, "long.dacapo");
  writeFileSync(path, log);
  // In a process of its own: memory that was had once stays.
  const script = `
    import { createReadStream } from "node:fs";
    import { Verifying } from ${JSON.stringify(new URL("../dist/node.js", import.meta.url))};
    import { initSync } from ${JSON.stringify(new URL("../dist/dacapo.js", import.meta.url))};
    const verifying = new Verifying();
    for await (const part of createReadStream(${JSON.stringify(path)})) verifying.push(part);
    const { verdict } = verifying.finish();
    console.log(JSON.stringify({ verdict, bytes: initSync({ module: undefined }).memory.buffer.byteLength }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  rmSync(folder, { recursive: true });
  const { verdict, bytes } = JSON.parse(stdout);
  assert.equal(verdict, "re-derived");
  assert.ok(bytes <= log.length / 2, `${bytes} bytes for a log of ${log.length}`);
});
