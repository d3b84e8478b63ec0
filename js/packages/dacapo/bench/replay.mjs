// Prints how long a log file takes to replay (without opening it, where its chain is checked; with that; and comparing
// digests too) and to verify, in seconds per round, and the size of the Wasm: one line of JSON.
// Run by `cargo xtask bench`: node replay.mjs <file> <rounds>
import { readFile } from "node:fs/promises";
import { brotliCompressSync } from "node:zlib";

import { Replay, verifyLog } from "../dist/node.js";

const [, , file, rounds] = process.argv;
const bytes = new Uint8Array(await readFile(file));
const figures = { node: process.versions.node, evolveSeconds: [], chainSeconds: [], digestSeconds: [], verifySeconds: [] };
const since = (began) => (performance.now() - began) / 1_000;
for (let round = 0; round < Number(rounds); round += 1) {
  for (const digests of [false, true]) {
    const began = performance.now();
    const replay = await Replay.open(bytes, { digests });
    const opened = performance.now();
    replay.seekEnd();
    figures[digests ? "digestSeconds" : "chainSeconds"].push(since(began));
    if (!digests) {
      figures.evolveSeconds.push(since(opened));
    }
    replay.close();
  }
  const asked = performance.now();
  verifyLog(bytes, null);
  figures.verifySeconds.push(since(asked));
}
const wasm = await readFile(new URL("../dist/dacapo_bg.wasm", import.meta.url));
console.log(JSON.stringify({ ...figures, brotliBytes: brotliCompressSync(wasm).length }));
