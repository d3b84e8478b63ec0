// Prints what the page needs for long logs, in a browser, in milliseconds: one line of JSON.
// Run by `cargo xtask bench`: node page.mjs <log of 100,000 records> <log of 1,000,000 records> <words that occur in them>
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { Engine, bpmn } from "dacapo";
import { DIST, startBrowser, startStatic } from "../test/support.mjs";

const [, , small, large, words] = process.argv;
const STEPS = 60;
const SEEKS = 40;
const DRAG_MS = 3_000;
/** A frame that takes longer than two of 60 in a second was dropped. */
const LONG_FRAME_MS = 34;

const site = await startStatic();
const browser = await startBrowser();
const figures = { chromium: browser.version(), pageBytes: pageBytes(), tenElementsMs: tenElements() };
figures.small = await measure(small, { isDragged: true });
figures.large = await measure(large, { isSearched: true });
await browser.close();
await site.stop();
console.log(JSON.stringify(figures));

/** Returns what the page weighs after gzip, without the Wasm and the diagram. */
function pageBytes() {
  const files = readdirSync(DIST, { recursive: true }).map(String).filter((name) => /\.(js|css|html|svg)$/.test(name) && !/diagram|layout/.test(name));
  return files.reduce((sum, name) => sum + gzipSync(readFileSync(DIST + name), { level: 9 }).length, 0);
}

/** Returns how long the test of a process of ten elements takes, round by round, once the engine is loaded. */
function tenElements() {
  const tasks = Array.from({ length: 8 }, (_, index) => `t${index}:service(work)`);
  const model = bpmn("ten", `start -> ${tasks.join(" -> ")} -> done:end`);
  const rounds = [];
  for (let round = 0; round < 200; round += 1) {
    const began = performance.now();
    const engine = new Engine({ now: 1_790_000_000_000 });
    engine.deploy([{ name: "ten.bpmn", content: model }]);
    const key = engine.createInstance({ processId: "ten", variables: { order: "A-1", total: 7 } });
    for (let [job] = engine.activateJobs({ jobType: "work" }); job; [job] = engine.activateJobs({ jobType: "work" })) engine.completeJob({ jobKey: job.jobKey });
    if (engine.isRunning(key)) throw new Error("expected an instance that ended");
    rounds.push(performance.now() - began);
    engine.free();
  }
  return rounds;
}

async function measure(file, { isDragged = false, isSearched = false }) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(120_000);
  await page.goto(site.address);
  await page.getByRole("heading", { name: "Drop a dacapo log file here" }).waitFor();
  // What the page loads while nobody waits for it.
  await page.waitForTimeout(1_000);
  await page.evaluate(helpers);
  const first = page.evaluate(() => globalThis.firstFrame());
  await page.locator("input[type=file]").setInputFiles(file);
  const found = await first;
  await page.waitForFunction(() => globalThis.session().indexed === 1 && globalThis.debugger_().view?.isBrief === false);
  found.played = await page.evaluate(() => performance.now() - globalThis.began);
  await page.waitForFunction(() => globalThis.session().report);
  found.verdict = await page.evaluate(() => globalThis.session().report.verdict);
  found.records = await page.evaluate(() => globalThis.session().end.position);
  found.seeks = await page.evaluate((count) => globalThis.seeks(count), SEEKS);
  found.steps = await page.evaluate((count) => globalThis.steps(count), STEPS);
  found.branches = await page.evaluate((count) => globalThis.branches(count), SEEKS);
  if (isDragged) found.drag = await drag(page);
  if (isSearched) found.search = await page.evaluate((it) => globalThis.search(it), words);
  await page.close();
  return found;
}

/** Drags the scrubber to and fro, as fast as frames come. */
async function drag(page) {
  const box = await page.locator("studio-scrubber").boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 10, y);
  await page.mouse.down();
  await page.evaluate(() => globalThis.watchFrames());
  const began = performance.now();
  while (performance.now() - began < DRAG_MS) {
    const part = ((performance.now() - began) / 1_000) % 2;
    await page.mouse.move(box.x + 10 + (box.width - 20) * (part < 1 ? part : 2 - part), y);
  }
  const { frames, shown } = await page.evaluate(() => globalThis.watched());
  await page.mouse.up();
  const long = frames.filter((it) => it > LONG_FRAME_MS).length;
  return { frames: frames.length, perSecond: frames.length / (frames.reduce((sum, it) => sum + it, 0) / 1_000), long, longest: Math.max(...frames), shown };
}

/** What runs in the page. */
function helpers() {
  const studio = () => document.querySelector("dacapo-studio");
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
  globalThis.debugger_ = () => studio().shadowRoot.querySelector("studio-debugger");
  globalThis.session = () => studio().session;
  globalThis.firstFrame = async () => {
    let sawBar = false;
    studio().shadowRoot.querySelector("input[type=file]").addEventListener("change", () => (globalThis.began = performance.now()), { capture: true });
    for (;;) {
      await painted();
      const bar = studio().shadowRoot.querySelector("progress:not([hidden])");
      sawBar ||= globalThis.began !== undefined && bar?.value > 0;
      const log = globalThis.debugger_?.()?.shadowRoot?.querySelector("studio-log");
      const text = log?.shadowRoot.querySelector(".row .what b")?.textContent;
      if (text && globalThis.debugger_().view) return { firstFrame: performance.now() - globalThis.began, sawBar };
    }
  };
  const shown = (at) => {
    const view = globalThis.debugger_().view;
    return view && !view.isBrief && view.place.position >= at && view.record?.position === at;
  };
  // A timer would be clamped to some milliseconds.
  const soon = () => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(null);
  });
  const go = async (at) => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    const began = performance.now();
    const transport = globalThis.debugger_().shadowRoot.querySelector("studio-transport");
    transport.dispatchEvent(new CustomEvent("choose", { detail: at, bubbles: true, composed: true }));
    while (!shown(at)) await soon();
    await globalThis.debugger_().updateComplete;
    return performance.now() - began;
  };
  globalThis.seeks = async (count) => {
    const end = globalThis.session().end.position;
    const found = [];
    let seed = 7;
    for (let index = 0; index < count; index += 1) {
      seed = (seed * 48_271) % 2_147_483_647;
      found.push(await go(1 + (seed % end)));
    }
    return found;
  };
  globalThis.steps = async (count) => {
    const middle = Math.floor(globalThis.session().end.position / 2);
    await go(middle);
    const found = [];
    for (let index = 1; index <= count; index += 1) found.push(await go(middle + (index <= count / 2 ? index : count - index)));
    return found;
  };
  // What the tab State asks for where the instances are open.
  globalThis.branches = async (count) => {
    const wanted = { ways: ["instances"], nodes: [], choices: new Map(), isWhole: true };
    const { position } = globalThis.debugger_().view.place;
    const found = [];
    for (let index = 0; index < count; index += 1) {
      const began = performance.now();
      await globalThis.session().core.ask("outline", [position, wanted]);
      found.push(performance.now() - began);
    }
    return found;
  };
  globalThis.watchFrames = () => {
    const state = (globalThis.watching = { frames: [], places: new Set(), isOn: true });
    let last = performance.now();
    const frame = (now) => {
      state.frames.push(now - last);
      last = now;
      state.places.add(globalThis.debugger_().view?.place.position);
      if (state.isOn) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };
  globalThis.watched = () => {
    globalThis.watching.isOn = false;
    return { frames: globalThis.watching.frames.slice(1), shown: globalThis.watching.places.size };
  };
  globalThis.search = async (words) => {
    const element = globalThis.debugger_();
    const began = performance.now();
    location.hash = `#/log?find=${encodeURIComponent(words)}`;
    let first = null;
    while (!/hits$/.test(element.said)) {
      if (first === null && element.hits.size > 0) first = performance.now() - began;
      await soon();
    }
    return { all: performance.now() - began, first, hits: element.hits.size };
  };
}
