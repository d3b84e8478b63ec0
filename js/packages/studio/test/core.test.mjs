// The package in Chromium, from files beside the page and without a bundler: it says what the native engine said, and needs no more
// memory than it may.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Engine, bpmn, verifyLog } from "dacapo";
import { logs, longLog } from "../../dacapo/test/golden.mjs";
import { startBrowser, startStatic } from "./support.mjs";

const PACKAGE = fileURLToPath(new URL("../../dacapo/dist/", import.meta.url));
const RECORDS = 150_000;
const SPARE_BYTES = 64 * 1024 * 1024;

let site;
let browser;
let page;
before(async () => {
  [site, browser] = await Promise.all([startStatic({ root: PACKAGE }), startBrowser()]);
  page = await browser.newPage();
  await page.goto(`${site.address}problem.js`);
  await page.evaluate(async () => {
    globalThis.core = await import("./browser.js");
    await globalThis.core.load();
    globalThis.bytesOf = (text) => Uint8Array.from(atob(text), (it) => it.charCodeAt(0));
  });
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const text = (bytes) => Buffer.from(bytes).toString("base64");

test("golden logs: the same digest at every position, forward and back, as natively", async () => {
  for (const { name, bytes, frames } of logs) {
    const expected = frames.map(({ last, timestamp, digest }) => ({ position: last, timestamp, digest }));
    const [forward, back, verdict] = await page.evaluate((content) => {
      const replay = new globalThis.core.Replay(globalThis.bytesOf(content));
      const [forward, back] = [[], []];
      while (replay.step()) forward.push(replay.place);
      do back.unshift(replay.place);
      while (replay.stepBack() && replay.place.position > 0);
      return [forward, back, replay.verify(null).verdict];
    }, text(bytes));
    assert.deepEqual(forward, expected, name);
    assert.deepEqual(back, expected, name);
    assert.equal(verdict, verifyLog(bytes, null).verdict, name);
  }
});

test("a log that is opened, played, indexed, searched and jumped through needs at most twice its size and 64 MB", async () => {
  const log = longLog(Engine, bpmn, RECORDS);
  const found = await page.evaluate(async (content) => {
    const { initSync } = await import("./dacapo.js");
    // What is loaded already is handed out as it is.
    const { memory } = initSync({ module: undefined });
    const { Replay } = globalThis.core;
    const replay = await Replay.open(globalThis.bytesOf(content));
    replay.seekEnd();
    replay.instances();
    replay.records();
    for (let next = 0; next !== null; ) ({ next } = replay.find("o-33", undefined, next, 2_000));
    for (let count = 1; count < 200; count += 1) replay.seek(1 + ((count * 7_919) % replay.lastPosition));
    return { bytes: memory.buffer.byteLength, records: replay.lastPosition };
  }, text(log));
  assert.ok(found.records >= RECORDS);
  assert.ok(found.bytes > log.length, "it is this memory");
  assert.ok(found.bytes <= 2 * log.length + SPARE_BYTES, `${found.bytes} bytes for a log of ${log.length}`);
});
