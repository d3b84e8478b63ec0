// The state as one tree: where everything stands, what a step changed, with the keyboard alone; and a state of many thousand rows.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Engine, bpmn } from "dacapo";
import { at, drop, open, startBrowser, startStatic } from "./support.mjs";

let site;
let browser;
before(async () => {
  [site, browser] = await Promise.all([startStatic(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const NO_SERVER = [/404 \(Not Found\)/];

/** A log in which a job of an order fails once, and the order then ends. */
function orders() {
  const engine = new Engine({ now: 1_790_000_000_000 });
  engine.deploy([{ name: "order.bpmn", content: bpmn("order", "start -> pack:sub{ in:start -> wrap:service(wrap) -> out:end } -> done:end") }]);
  const first = engine.createInstance({ processId: "order", variables: { order: { id: "o-0", total: 7 } } });
  const key = engine.createInstance({ processId: "order", variables: { order: { id: "o-1", total: 8 } } });
  const jobs = engine.activateJobs({ jobType: "wrap", worker: "anna", jobsMax: 2 });
  const { jobKey } = jobs.find((it) => it.processInstanceKey === key);
  engine.failJob({ jobKey, retries: 2, errorMessage: "no paper" });
  const failed = engine.place.position;
  engine.setVariables({ scopeKey: key, variables: { order: { id: "o-1", total: 9 }, note: "new" } });
  const set = engine.place.position;
  engine.completeJob({ jobKey });
  return { log: engine.log(), first, key, failed, set, ended: engine.place.position };
}

/** Opens a page on a log. */
async function opened(log, hash) {
  const { page, close } = await open(browser, site.address, { allowed: NO_SERVER });
  await page.getByRole("heading", { name: "Drop a dacapo log file here" }).waitFor();
  await drop(page, log);
  await page.locator("tbody tr, studio-debugger").first().waitFor();
  await page.goto(`${site.address}${hash}`);
  const tree = page.getByRole("tree", { name: "State" });
  const said = () => tree.getByRole("treeitem").evaluateAll((items) => items.map((it) =>
    `${"  ".repeat(it.ariaLevel - 1)}${it.querySelector(".sign")?.textContent ?? ""}${it.querySelector(".said").textContent.replaceAll(/\s+/g, " ").trim()}`));
  return { page, close, tree, said };
}

test("every row is at one place, and what a step changed is marked", async () => {
  const { log, first, key, failed, set, ended } = orders();
  const { page, close, tree, said } = await opened(log, `#/instance/${key}?tab=state&at=${failed}`);
  await tree.getByText("wrap", { exact: true }).first().waitFor();
  await at(page, failed);
  assert.deepEqual((await said()).slice(0, 9), [
    "instances 2", `  instance order ${key}`, "    element order process · active", '      variable order = {"id": "o-1", "total": 8}',
    "      element pack sub process · active", "        element wrap service task · active", "          ~job wrap activatable · 2 retries left", `  instance order ${first}`,
    "deployments 2",
  ]);
  const job = tree.getByRole("treeitem").filter({ has: page.locator(".changed") }).first();
  assert.match((await job.innerText()).replaceAll(/\s+/g, " "), /retries 3 → 2/);
  // Another step, in the whole log: the way to what it changed is open there too.
  await page.evaluate((it) => (location.hash = it), `#/instance/${key}?tab=state&at=${set}`);
  await tree.getByText("note").first().waitFor();
  assert.deepEqual((await said()).slice(3, 5), ['      ~variable order = {"id": "o-1", "total": 9}', '      +variable note = "new"']);
  // What is gone is struck where it was.
  await page.evaluate((it) => (location.hash = it), `#/instance/${key}?tab=state&at=${ended}`);
  await tree.locator(".gone").first().waitFor();
  const gone = (await said()).filter((it) => it.trim().startsWith("−"));
  assert.ok(gone.some((it) => it === "          −job wrap activatable · 2 retries left"), gone.join("\n"));
  assert.ok(gone.includes(`  −instance order ${key}`));
  // And against a base.
  await page.evaluate((it) => (location.hash = it), `#/instance/${key}?tab=state&at=${ended}&base=1&only=changed`);
  await page.getByText("rows differ from record 1").waitFor();
  await tree.locator(".gone").first().waitFor({ state: "hidden" });
  assert.ok((await said()).some((it) => it.startsWith("    +definition order")));
  await close();
});

test("s opens it and leaves only what changed; the keyboard goes everywhere", async () => {
  const { log, key, failed } = orders();
  const { page, close, tree, said } = await opened(log, `#/instance/${key}?at=${failed}`);
  await page.getByRole("heading", { name: "job.failed" }).waitFor();
  await page.keyboard.press("s");
  await tree.getByText("deployments").waitFor();
  await page.keyboard.press("s");
  await tree.getByText("deployments").waitFor({ state: "hidden" });
  await page.waitForURL(/only=changed/);
  const few = await said();
  assert.deepEqual(few.slice(0, 5).map((it) => it.trim().split(" ")[0]), ["instances", "instance", "element", "element", "element"]);
  assert.match(few.at(-1), /^rows that find or count others/);
  await page.keyboard.press("s");
  await tree.getByText("deployments").waitFor();
  const active = () => page.evaluate(() => {
    let it = document.activeElement;
    while (it?.shadowRoot?.activeElement) it = it.shadowRoot.activeElement;
    return it?.dataset?.id;
  });
  await tree.getByRole("treeitem").first().focus();
  await page.keyboard.press("ArrowDown");
  assert.equal(await active(), `instances:${key}`);
  await page.keyboard.press("ArrowRight");
  assert.equal(await active(), `elements:${key}`);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await active(), `instances:${key}`);
  await page.keyboard.press("ArrowLeft");
  await tree.getByText("variable").waitFor({ state: "hidden" });
  assert.equal(await tree.getByRole("treeitem").nth(1).getAttribute("aria-expanded"), "false");
  await page.keyboard.press("Enter");
  await tree.getByText("process_id").waitFor();
  await page.keyboard.press("End");
  assert.equal(await active(), "index");
  await page.keyboard.press("ArrowRight");
  await tree.getByText("latest definitions").waitFor();
  await page.keyboard.press("Home");
  assert.equal(await active(), "instances");
  assert.equal(await tree.locator("[tabindex='0']").count(), 1);
  await at(page, failed);
  // What means nothing to the tree steps through the log, and the focus stays.
  await page.keyboard.press("j");
  await at(page, failed + 1);
  assert.equal(await active(), "instances");
  await close();
});

test("what is watched stays in sight, with the record that wrote it; the URL holds it", async () => {
  const { log, key, failed, set, ended } = orders();
  const { page, close } = await opened(log, `#/instance/${key}?tab=variables&at=${failed}`);
  const tree = page.getByRole("tree", { name: "Variables" });
  await tree.getByText("total", { exact: true }).waitFor();
  await tree.getByRole("treeitem").first().focus();
  await page.keyboard.press("End");
  await page.keyboard.press("v");
  const list = page.getByRole("list", { name: "Watched variables" });
  const said = async () => (await list.getByRole("listitem").allInnerTexts()).map((it) => it.replaceAll(/\s+/g, " ").trim());
  await list.waitFor();
  assert.match((await said())[0], /^order.total 8 #\d+ ✕$/);
  await page.waitForURL(/watch=order.total/);
  await tree.getByRole("treeitem").first().hover();
  await tree.getByRole("button", { name: "Watch order", exact: true }).click();
  await list.getByRole("listitem").nth(1).waitFor();
  // The step that wrote it says what it was before; the one after does not.
  await page.evaluate((it) => (location.hash = it), `#/instance/${key}?tab=step&watch=order.total+order+note&at=${set}`);
  await at(page, set);
  await list.getByText("note").waitFor();
  const [total, , note] = await said();
  assert.match(total, /^order.total 8 → 9 #\d+ ✕$/);
  assert.match(note, /^note "new" #\d+ ✕$/);
  await page.reload();
  await drop(page, log);
  await page.locator("tbody tr, studio-debugger").first().waitFor();
  await page.goto(`${site.address}#/instance/${key}?tab=step&watch=order.total&at=${ended}`);
  await at(page, ended);
  assert.match((await said())[0], /^order.total not there/);
  await page.goto(`${site.address}#/instance/${key}?tab=step&watch=order.total&at=${failed}`);
  await at(page, failed);
  assert.match((await said())[0], /^order.total 8 #\d+ ✕$/);
  await list.getByRole("button", { name: /which wrote it/ }).click();
  await page.getByRole("heading", { name: "variable.changed" }).waitFor();
  await page.getByRole("button", { name: "Stop watching order.total" }).click();
  await list.waitFor({ state: "hidden" });
  await close();
});

test("of many rows 200 are taken from the core and shown at once", async () => {
  const engine = new Engine({ now: 1_790_000_000_000 });
  engine.deploy([{ name: "wait.bpmn", content: bpmn("wait", "start -> task:service(work) -> done:end") }]);
  for (let number = 0; number < 4_000; number += 1) engine.createInstance({ processId: "wait", variables: { number } });
  const { page, close, tree } = await opened(engine.log(), "#/log?tab=state");
  await page.getByText("and 3,799 more").or(page.getByText("and 3,800 more")).waitFor();
  assert.ok((await tree.getByRole("treeitem").count()) < 260);
  await page.getByText(/and 3,(799|800) more/).click();
  await page.getByText(/and 3,(599|600) more/).waitFor();
  // What is closed and what is not shown stays with the core.
  const taken = await page.evaluate(async () => {
    const studio = document.querySelector("dacapo-studio").shadowRoot.querySelector("studio-debugger").shadowRoot;
    const state = studio.querySelector("studio-inspector").shadowRoot.querySelector("studio-state");
    const wanted = { ways: ["instances"], nodes: [], choices: new Map(), isWhole: true };
    const { branches } = await state.session.core.ask("outline", [state.view.place.position, wanted]);
    return [...branches].map(([id, { nodes, total }]) => [id, nodes.length, total]);
  });
  assert.deepEqual(taken, [["instances", 200, 4_000]]);
  await close();
});
