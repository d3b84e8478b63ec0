// Prints how long a log file takes to replay and to verify, in seconds per round, and the size of the Wasm: one line of JSON.
// Run by `cargo xtask bench`: node replay.mjs <file> <rounds>
import { readFile } from "node:fs/promises";
import { brotliCompressSync } from "node:zlib";

import { Replay, verifyLog } from "../dist/node.js";

const [, , file, rounds] = process.argv;
const bytes = new Uint8Array(await readFile(file));
const figures = { node: process.versions.node, replaySeconds: [], verifySeconds: [] };
for (let round = 0; round < Number(rounds); round += 1) {
  const began = performance.now();
  const replay = await Replay.open(bytes);
  replay.seekEnd();
  figures.replaySeconds.push((performance.now() - began) / 1_000);
  replay.close();
  const asked = performance.now();
  verifyLog(bytes, null);
  figures.verifySeconds.push((performance.now() - asked) / 1_000);
}
const wasm = await readFile(new URL("../dist/dacapo_bg.wasm", import.meta.url));
console.log(JSON.stringify({ ...figures, brotliBytes: brotliCompressSync(wasm).length }));
