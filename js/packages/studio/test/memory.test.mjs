// What an open log takes of the memory of the browser, all in all: what scripts of the page and of its workers hold, and the memories
// of the cores.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Engine, bpmn } from "dacapo";
import { longLog } from "../../dacapo/test/golden.mjs";
import { drop, startBrowser, startStatic } from "./support.mjs";

const RECORDS = 150_000;
const SPARE_BYTES = 64 * 1024 * 1024;
// Without these a page may not measure itself.
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

let site;
let browser;
before(async () => {
  [site, browser] = await Promise.all([startStatic({ headers: ISOLATED }), startBrowser(["--enable-blink-features=ForceEagerMeasureMemory"])]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** Returns what asks each worker of a page for the size of its Wasm memories. */
async function memories(page) {
  const client = await page.context().newCDPSession(page);
  const waiting = new Map();
  const workers = new Set();
  let last = 0;
  client.on("Target.attachedToTarget", ({ sessionId }) => workers.add(sessionId));
  client.on("Target.detachedFromTarget", ({ sessionId }) => workers.delete(sessionId));
  client.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, result } = JSON.parse(message);
    waiting.get(id)?.(result);
  });
  await client.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const ask = async (sessionId, method, params) => {
    const id = (last += 1);
    const answered = new Promise((resolve) => waiting.set(id, resolve));
    await client.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method, params }) });
    return answered;
  };
  const functionDeclaration = "function() { return this.reduce((sum, it) => sum + it.buffer.byteLength, 0); }";
  return () => Promise.all([...workers].map(async (worker) => {
    const { result } = await ask(worker, "Runtime.evaluate", { expression: "WebAssembly.Memory.prototype" });
    const { objects } = await ask(worker, "Runtime.queryObjects", { prototypeObjectId: result.objectId });
    const sum = await ask(worker, "Runtime.callFunctionOn", { objectId: objects.objectId, functionDeclaration, returnByValue: true });
    return sum.result.value;
  }));
}

test("a log that is open, indexed, verified, searched and jumped through takes at most twice its size and 64 MB", async () => {
  const log = longLog(Engine, bpmn, RECORDS);
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(site.address);
  await page.getByRole("heading", { name: "Drop a dacapo log file here" }).waitFor();
  const wasm = await memories(page);
  await drop(page, log);
  await page.waitForFunction(() => document.querySelector("dacapo-studio").session?.report);
  await page.evaluate(() => (location.hash = "#/log?find=o-33"));
  await page.locator(".find output", { hasText: /\d/ }).waitFor();
  const end = await page.evaluate(() => document.querySelector("dacapo-studio").session.end.position);
  assert.ok(end >= RECORDS);
  for (let count = 1; count < 40; count += 1) {
    const position = 1 + ((count * 7_919_777) % end);
    await page.evaluate((it) => document.querySelector("dacapo-studio").session.core.ask("view", [it, null]), position);
  }
  const [own, ...others] = await wasm();
  assert.deepEqual(others, [], "what verified is gone");
  assert.ok(own > log.length, "the core holds the log");
  const scripts = await page.evaluate(async () => (await performance.measureUserAgentSpecificMemory()).bytes);
  assert.ok(scripts > 1_000_000, "something was measured");
  const all = own + scripts;
  assert.ok(all <= 2 * log.length + SPARE_BYTES, `${all} bytes, ${own} of them of the core, for a log of ${log.length}`);
});
