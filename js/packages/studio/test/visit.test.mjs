// How one gets around in the page: first and later visits, the palette, links that hold a log, what the keys do beyond stepping.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { at, open, startBrowser, startServer, startStatic } from "./support.mjs";

let server;
let browser;
let incident;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  const found = await server.post("/v2/process-instances/search", { filter: { hasIncident: true } });
  incident = found.items[0].processInstanceKey;
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const debuggerOf = (key, query = "") => `${server.address}/#/instance/${key}${query}`;

test("a first visit is led to the step that stopped an order, and no other visit is", async () => {
  const { page, close } = await open(browser, "about:blank");
  await page.goto(server.address);
  await page.waitForURL(new RegExp(`#/instance/${incident}$`));
  await page.getByRole("heading", { name: "incident.created" }).waitFor();
  const hint = page.getByRole("note", { name: "Welcome" });
  await hint.waitFor();
  // A reload shows the same, going back leads to where the visit came from.
  await page.reload();
  await page.getByRole("heading", { name: "incident.created" }).waitFor();
  await hint.waitFor();
  await page.goBack();
  assert.equal(page.url(), "about:blank");
  await page.goForward();
  await page.getByRole("heading", { name: "incident.created" }).waitFor();
  await hint.getByRole("link", { name: "All instances" }).click();
  await page.locator("tbody tr").first().waitFor();
  assert.equal(await hint.count(), 0, "it is about the instance");
  await page.goBack();
  await hint.waitFor();
  await page.keyboard.press("Escape");
  await hint.waitFor({ state: "hidden" });
  await page.keyboard.press("i");
  await page.locator("tbody tr").first().waitFor();
  await page.reload();
  await page.locator("tbody tr").first().waitFor();
  // A second visit.
  await page.goto("about:blank");
  await page.goto(server.address);
  await page.locator("tbody tr").first().waitFor();
  assert.equal(new URL(page.url()).hash, "");
  await page.goto(debuggerOf(incident));
  await page.getByRole("heading", { name: "incident.created" }).waitFor();
  assert.equal(await hint.count(), 0);
  await close();
});

test("who asks for something else on a first visit gets that", async () => {
  const { page, close } = await open(browser, `${server.address}/#/instances?state=COMPLETED`);
  await page.locator("tbody tr").first().waitFor();
  await page.goto(`${server.address}/`);
  await page.locator("tbody tr").nth(1).waitFor();
  await close();
});

test("the palette finds every action by its name, without a mouse", async () => {
  const { page, close } = await open(browser, debuggerOf(incident));
  await page.getByRole("heading", { name: "incident.created" }).waitFor();
  const raised = await page.evaluate(() => document.querySelector("dacapo-studio").shadowRoot.querySelector("studio-debugger").at);
  const palette = page.getByRole("dialog", { name: "Actions" });
  const find = async (words) => {
    await page.keyboard.press("Control+k");
    await palette.waitFor();
    await page.keyboard.type(words);
    await page.keyboard.press("Enter");
    await palette.waitFor({ state: "hidden" });
  };
  await page.keyboard.press("Control+k");
  await palette.waitFor();
  const names = await palette.getByRole("option").allInnerTexts();
  // Opened before the browser has told that the first one is closed.
  await page.evaluate(() => {
    const studio = document.querySelector("dacapo-studio").shadowRoot;
    studio.querySelector("studio-palette").shadowRoot.querySelector("dialog").close();
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true }));
  });
  const listed = page.getByRole("dialog", { name: "Keys" }).locator("dd");
  await listed.first().waitFor();
  const sheet = await listed.allInnerTexts();
  await page.keyboard.press("Escape");
  const missing = sheet.filter((what) => !names.some((it) => it.startsWith(what)));
  assert.deepEqual(missing, ["find an action by its name", "close"]);
  await find("previous record of the same instance");
  await at(page, raised - 1);
  await find(String(raised));
  await at(page, raised);
  await find("why waiting");
  await page.getByRole("tree", { name: "What the instance waits for" }).waitFor();
  await page.keyboard.press("Meta+k");
  await page.keyboard.type("all in");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Incidents" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("fork");
  await page.getByText("No action has this name").waitFor();
  await page.keyboard.press("Escape");
  await close();
});

test("in the whole log, J and K stay with the instance", async () => {
  const steps = (await (await fetch(`${server.address}/v1/log?instance=${incident}`)).text()).trim().split("\n").map((it) => JSON.parse(it));
  const [first] = steps;
  const { page, close } = await open(browser, `${server.address}/#/log?at=${first.position + first.count - 1}`);
  await at(page, first.position + first.count - 1);
  await page.getByText("re-derived").waitFor();
  await page.keyboard.press("K");
  await at(page, first.position + first.count - 2);
  await page.keyboard.press("J");
  await at(page, first.position + first.count - 1);
  await close();
});

test("what was tried in a fork is told as calls, and they do the same on the server", async () => {
  const created = await server.post("/v2/process-instances", { processDefinitionId: "order", variables: { order: { id: "it's", total: "many" } } });
  const { page, close } = await open(browser, debuggerOf(created.processInstanceKey, "?tab=fork"));
  await page.getByRole("button", { name: /Fork at record/ }).click();
  await page.getByLabel("Name", { exact: true }).fill("order");
  await page.getByLabel("Value as JSON").fill('{"id": "it\'s", "total": 12345678901234567890}');
  await page.getByRole("button", { name: "Set", exact: true }).click();
  await page.locator("ol li", { hasText: "variable.set" }).waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("job approve-order").waitFor();
  await page.getByText("The same on a server").click();
  const shell = await page.locator("studio-fork pre").innerText();
  await close();
  assert.match(shell, /12345678901234567890/);
  execFileSync("sh", ["-ec", shell.replaceAll(server.address, server.own)], { stdio: "pipe" });
  const found = await server.post("/v2/jobs/search", { filter: { processInstanceKey: created.processInstanceKey } });
  assert.deepEqual(found.items.map((it) => it.type), ["approve-order"]);
});

test("the wheel looks closer at a part of the scrubber, and a double click shows all of it", async () => {
  const { page, close } = await open(browser, `${server.address}/#/log`);
  await page.getByText("re-derived").waitFor();
  const place = () => page.evaluate(() => {
    const { at, session } = document.querySelector("dacapo-studio").shadowRoot.querySelector("studio-debugger");
    return at / session.end.position;
  });
  const box = await page.locator("studio-scrubber").boundingBox();
  const [left, middle, y] = [box.x + 12, box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.click(left, y);
  assert.ok((await place()) < 0.1);
  await page.mouse.move(middle, y);
  for (let turn = 0; turn < 6; turn += 1) await page.mouse.wheel(0, -100);
  await page.mouse.click(left, y);
  const closer = await place();
  assert.ok(closer > 0.2 && closer < 0.5, `${closer}`);
  await page.mouse.move(middle, y);
  await page.mouse.wheel(200, 0);
  await page.mouse.click(left, y);
  assert.ok((await place()) > closer, "sideways");
  // Where the reader goes, the line goes.
  await page.keyboard.press("g");
  await page.mouse.click(left, y);
  assert.ok((await place()) < 0.1);
  await page.mouse.dblclick(middle, y);
  await page.mouse.click(left + box.width - 24, y);
  assert.ok((await place()) > 0.95);
  await close();
});

test("the diagram shows how often and how long, at every step", async () => {
  const { page, close } = await open(browser, debuggerOf(incident));
  await page.locator(".badge.incident").waitFor();
  for (const mode of ["counts", "heat", "time", "path"]) {
    await page.keyboard.press("o");
    await page.waitForURL(new RegExp(`overlay=${mode}`));
    if (mode === "path") await page.locator("studio-diagram .badge").first().waitFor({ state: "hidden" });
    else await page.locator("studio-diagram .badge.count").first().waitFor();
    if (mode === "heat") await page.locator("studio-diagram .heat-3").first().waitFor();
  }
  await close();
});

test("a link holds an instance, with other values, and needs no server", async (context) => {
  const site = await startStatic();
  context.after(() => site.stop());
  const { page, close } = await open(browser, debuggerOf(incident, "?tab=export"));
  await page.getByRole("button", { name: "Link with all its values" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Save redacted" }).isVisible(), false, "it takes the whole log");
  await page.getByRole("button", { name: "Load the whole log" }).click();
  await page.getByRole("button", { name: "Link with other values" }).click();
  await page.getByText(/is sent to no server/).waitFor();
  const link = await page.getByRole("textbox", { name: "Link" }).inputValue();
  assert.ok(link.length < 10_000, `${link.length}`);
  await close();
  const asked = [];
  const opened = await open(browser, "about:blank", { allowed: [/404 \(Not Found\)/], origin: site.address });
  opened.page.on("request", (it) => asked.push(it.url()));
  await opened.page.goto(link.replace(/^[^#]*/, site.address));
  await opened.page.getByRole("heading", { name: "incident.created" }).waitFor();
  await opened.page.getByText("chained only").waitFor();
  const variables = await opened.page.locator("studio-timeline").evaluate((it) => it.shadowRoot.textContent);
  assert.ok(variables.includes("order") && !variables.includes("A-1003"), variables);
  assert.ok(asked.every((it) => !it.includes("z=")), "it stays in the page");
  await opened.page.keyboard.press("k");
  await opened.page.reload();
  await opened.page.locator("studio-diagram .djs-shape").first().waitFor();
  await opened.page.goto(`${site.address}#z=${"A".repeat(40)}`);
  await opened.page.reload();
  await opened.page.getByRole("alert").getByText("expected a log in the link").waitFor();
  await opened.close();
});

test("incidents of one kind are tried again together", async () => {
  for (const id of ["R-1", "R-2"]) {
    await server.post("/v2/process-instances", { processDefinitionId: "order", variables: { order: { id, total: "1,250.00" } } });
  }
  const { page, close } = await open(browser, `${server.address}/#/incidents`);
  await page.getByText("at large-order of order v1").waitFor();
  await page.getByRole("button", { name: "Retry all 3" }).click();
  await page.getByText("3 were tried again: 0 went on, 3 failed again").waitFor();
  await close();
});
