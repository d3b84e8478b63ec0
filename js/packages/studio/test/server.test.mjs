// The page against the real server on SQLite, with the demo.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { Replay, verifyLog } from "dacapo";
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

test("the list leads to the incident, on the record that raised it", async () => {
  const { page, close } = await open(browser, `${server.address}/#/instances`);
  await page.getByRole("link", { name: "Order fulfilment" }).first().waitFor();
  assert.equal(await page.locator("tbody tr").count(), 3);
  await page.getByText("▲ incident").click();
  await page.getByRole("heading", { name: "incident.created" }).waitFor();
  assert.match(await page.locator("studio-inspector p.text").innerText(), /order\.total > 1000/);
  await page.getByText("chained only").waitFor();
  await page.locator("studio-diagram .badge.incident").waitFor();
  assert.match(await page.locator(".bjs-powered-by").getAttribute("href"), /bpmn\.io/);
  await close();
});

test("an instance needs no more than its slice, and the whole log is one click away", async () => {
  const { page, close } = await open(browser, debuggerOf(incident));
  const asked = [];
  page.on("request", (it) => asked.push(new URL(it.url()).pathname));
  await page.reload();
  await page.getByText("chained only").waitFor();
  await page.getByText(/^\s*\d+ of \d+ steps$/).waitFor();
  assert.ok(asked.includes(`/v1/instances/${incident}/export`) && !asked.includes("/v1/log/file"), asked.join(" "));
  const shown = () => page.evaluate(() => {
    const { rows, view } = document.querySelector("dacapo-studio").shadowRoot.querySelector("studio-debugger");
    return JSON.stringify([[...rows.positions], view.tokens, [...view.variables], view.why], (_, it) => (typeof it === "bigint" ? `${it}` : it instanceof Map ? [...it] : it));
  });
  await page.getByRole("heading", { name: "incident.created" }).waitFor();
  const slice = await shown();
  await page.getByRole("button", { name: "Verify all" }).click();
  await page.getByText("re-derived").waitFor();
  await page.getByRole("heading", { name: "incident.created" }).waitFor();
  assert.ok(asked.includes("/v1/log/file"));
  assert.equal(await shown(), slice, "the slice says what the log says");
  await close();
});

test("incidents are grouped, and open on the record that raised them", async () => {
  const { page, close } = await open(browser, `${server.address}/#/incidents`);
  await page.getByRole("heading", { name: /condition/ }).waitFor();
  await page.getByRole("link", { name: incident }).click();
  await page.getByRole("heading", { name: "incident.created" }).waitFor();
  await close();
});

test("filters stand in the URL", async () => {
  const { page, close } = await open(browser, `${server.address}/#/instances?state=COMPLETED`);
  await page.locator("tbody tr").waitFor();
  assert.equal(await page.locator("tbody tr").count(), 1);
  await page.getByLabel("State").selectOption("");
  await page.getByLabel("with an incident").check();
  await page.waitForURL(/incident=yes/);
  await page.getByText("▲ incident").waitFor();
  await page.getByLabel("Process").fill("no-such");
  await page.getByLabel("Process").press("Enter");
  await page.getByText("No instance fits these filters").waitFor();
  await close();
});

test("the keyboard alone goes through the debugger", async () => {
  const { page, close } = await open(browser, `${server.address}/#/instances`);
  await page.locator("tbody tr").first().waitFor();
  for (let pressed = 0; pressed < 30; pressed += 1) {
    await page.keyboard.press("Tab");
    const href = await page.evaluate(() => {
      let it = document.activeElement;
      while (it?.shadowRoot?.activeElement) it = it.shadowRoot.activeElement;
      return it?.getAttribute("href") ?? "";
    });
    if (href.includes("/instance/")) break;
  }
  await page.keyboard.press("Enter");
  await page.waitForURL(/#\/instance\//);
  const raised = (await (await fetch(`${server.address}/v1/log?instance=${incident}`)).text()).split("\n")[0];
  const first = JSON.parse(raised).position;
  const last = first + JSON.parse(raised).count - 1;
  await at(page, last);
  const steps = [["k", last - 1], ["j", last], ["[", first], ["]", first + 1], ["}", first + 2], ["{", first + 1], ["g", first],
    ["G", last], ["h", first]];
  for (const [key, position] of steps) {
    await page.keyboard.press(key);
    await at(page, position);
  }
  await page.keyboard.type(`${last - 2}g`);
  await at(page, last - 2);
  await page.keyboard.press("w");
  await page.getByRole("tree", { name: "What the instance waits for" }).waitFor();
  await page.keyboard.press("s");
  await page.getByRole("tree", { name: "State" }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("incident");
  await page.keyboard.press("Enter");
  await at(page, last);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.keyboard.press("o");
  await page.waitForURL(/overlay=counts/);
  await page.keyboard.press("3");
  await page.getByText("No records here").waitFor();
  await close();
});

test("another future: the variable is repaired, the incident tried again, and the order goes on", async () => {
  const { page, close } = await open(browser, debuggerOf(incident));
  await page.getByRole("heading", { name: "incident.created" }).waitFor();
  await page.keyboard.press("f");
  await page.getByRole("button", { name: /Fork at record/ }).click();
  await page.getByLabel("Name", { exact: true }).fill("order");
  await page.getByLabel("Value as JSON").fill('{"id": "A-1003", "total": 12345678901234567890}');
  await page.getByRole("button", { name: "Set", exact: true }).click();
  await page.locator("ol li", { hasText: "variable.set" }).waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("job approve-order").waitFor();
  assert.match(await page.locator("tr.differs").innerText(), /12345678901234567890/);
  await page.getByRole("heading", { name: "As it happened" }).waitFor();
  await page.locator("studio-diagram").nth(1).locator('[data-container-id="approve-order"] .badge').waitFor();
  await page.locator("studio-diagram").nth(0).locator('[data-container-id="large-order"] .badge.incident').waitFor();
  await page.getByRole("form", { name: "job.complete" }).getByRole("button").click();
  await page.getByText("job charge-card").waitFor();
  await page.getByLabel("Value as JSON").fill("{broken");
  await page.getByLabel("Name", { exact: true }).fill("order");
  await page.getByRole("button", { name: "Set", exact: true }).click();
  await page.getByRole("alert").waitFor();
  const log = await (await fetch(`${server.address}/v1/log`)).text();
  assert.ok(!log.includes('"studio"'), "nothing of a fork gets into the log");
  await close();
});

test("time passes in a fork alone", async () => {
  const found = await server.post("/v2/process-instances/search", { filter: { state: "ACTIVE", hasIncident: false } });
  const { page, close } = await open(browser, debuggerOf(found.items[0].processInstanceKey, "?tab=fork"));
  await page.getByRole("button", { name: /Fork at record/ }).click();
  await page.getByRole("button", { name: /Advance to/ }).click();
  await page.locator("ol li", { hasText: "timer.trigger" }).first().waitFor();
  await page.getByText("job ask-carrier").waitFor();
  await close();
});

test("bisect finds where an expression turns true, and says what is wrong with one that is none", async () => {
  const { page, close } = await open(browser, debuggerOf(incident, `?tab=bisect&when=${encodeURIComponent("count(incidents) > 0")}`));
  await page.getByText("● turns true").waitFor();
  await page.getByLabel("Find where this turns true").fill("1 +");
  await page.getByRole("button", { name: "Find", exact: true }).click();
  await page.getByRole("alert").waitFor();
  await close();
});

test("search takes words and FEEL, and marks its hits", async () => {
  const query = encodeURIComponent('= intent = "job.completed"');
  const { page, close } = await open(browser, `${server.address}/#/log?find=${query}`);
  await page.locator(".find output", { hasText: /^4$/ }).waitFor();
  await page.keyboard.press("n");
  await page.getByRole("heading", { name: "job.completed" }).waitFor();
  await close();
});

test("search takes fields and regular expressions, and says what is wrong with them", async () => {
  const { page, close } = await open(browser, `${server.address}/#/log`);
  const search = async (words) => {
    await page.getByLabel("Search the records").fill(words);
    await page.keyboard.press("Enter");
  };
  await search("intent=job.completed kind=event");
  await page.locator(".find output", { hasText: /^4$/ }).waitFor();
  await page.getByRole("heading", { name: "job.completed" }).waitFor();
  await search("intnt=job.completed");
  await page.getByRole("alert").getByText("found `intnt`; there are intent,").waitFor();
  await search("/job\\.(completed|/");
  await page.getByRole("alert").getByText("expected a closing parenthesis at character").waitFor();
  await search("/job\\.complete[d]/ order.id=A-1001");
  await page.locator(".find output", { hasText: /^\d+$/ }).waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
  await close();
});

test("why: the line that would end a wait is shown and copied, and tried in a fork", async () => {
  const { page, close } = await open(browser, debuggerOf(incident, "?tab=why"));
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const line = `curl --fail -X POST '${server.address}/v2/incidents/`;
  await page.locator("studio-why pre", { hasText: line }).first().waitFor();
  await page.getByRole("button", { name: "Copy", exact: true }).first().click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  assert.ok((await page.evaluate(() => navigator.clipboard.readText())).startsWith(line));
  await page.getByRole("button", { name: "Try in a fork" }).first().click();
  await page.getByText("left the log after record").waitFor();
  await page.getByRole("button", { name: "Try again" }).waitFor();
  await close();
});

test("the FEEL lab evaluates at the record that is looked at", async () => {
  const { page, close } = await open(browser, debuggerOf(incident, "?tab=feel"));
  await page.getByText("Evaluate at record").waitFor();
  const ask = async (text) => {
    await page.getByLabel("Evaluate at record").fill(text);
    await page.getByRole("button", { name: "Evaluate", exact: true }).click();
  };
  await ask('order.id + "!"');
  await page.getByRole("status", { name: "Answer" }).getByText('"A-1003!"', { exact: true }).waitFor();
  await ask("1 +");
  await page.getByRole("alert").waitFor();
  await ask("count([1, 2, 3])");
  await page.getByRole("status", { name: "Answer" }).getByText("3", { exact: true }).waitFor();
  await ask("[1, order.idd]");
  await page.getByRole("status", { name: "Answer" }).getByText("order.idd: expected an entry 'idd', found context without; did you mean 'id'?").waitFor();
  await page.keyboard.press("Escape");
  await close();
});

test("running stops at incidents and at breakpoints", async () => {
  const { page, close } = await open(browser, debuggerOf(incident));
  await page.getByRole("heading", { name: "incident.created" }).waitFor();
  const raised = await page.evaluate(() => document.querySelector("dacapo-studio").shadowRoot.querySelector("studio-debugger").at);
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await at(page, raised);
  const element = await page.evaluate(() => {
    const { view } = document.querySelector("dacapo-studio").shadowRoot.querySelector("studio-debugger");
    return view.record.elementId;
  });
  await page.keyboard.press("B");
  await page.getByRole("button", { name: `◉ ${element}` }).waitFor();
  await page.waitForURL(new RegExp(`break=${element}`));
  await page.keyboard.press("R");
  const before = await page.evaluate((end) => new Promise((resolve) => {
    const look = () => {
      const { view } = document.querySelector("dacapo-studio").shadowRoot.querySelector("studio-debugger");
      if (view.record.position < end) resolve(view.record);
      else setTimeout(look, 20);
    };
    look();
  }), raised);
  assert.equal(before.elementId, element);
  await page.getByRole("button", { name: `◉ ${element}` }).click();
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await at(page, raised);
  await close();
});

test("an incident is tried again from the board", async () => {
  const { page, close } = await open(browser, `${server.address}/#/incidents`);
  const before = (await (await fetch(`${server.address}/v1/log`)).text()).split("\n").length;
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByText(/was tried again and failed again/).waitFor();
  const log = (await (await fetch(`${server.address}/v1/log`)).text()).split("\n");
  assert.ok(log.length > before && log.some((it) => it.includes('"incident.resolve"')));
  await close();
});

test("the message lab tells who would take a message", async () => {
  const found = await server.post("/v2/process-instances/search", { filter: { state: "ACTIVE", hasIncident: false } });
  const key = found.items[0].processInstanceKey;
  const { page, close } = await open(browser, debuggerOf(key, "?tab=message"));
  await page.getByRole("button", { name: "parcel-delivered with key A-1002" }).click();
  await page.getByRole("button", { name: /Try at record/ }).click();
  await page.getByRole("button", { name: `instance ${key}` }).waitFor();
  await page.getByLabel("Correlation key").fill("A-9");
  await page.getByRole("button", { name: /Try at record/ }).click();
  await page.getByText("Nobody here.").waitFor();
  await close();
});

test("a redacted log takes the same path, or is not made", async () => {
  const { page, close } = await open(browser, debuggerOf(incident, "?tab=export"));
  await page.getByRole("button", { name: "Load the whole log" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save redacted" }).click(),
  ]);
  await page.getByText("took the same path").waitFor();
  const bytes = readFileSync(await download.path());
  assert.ok(!bytes.includes("Edsger") && !bytes.includes("1,250.00"));
  assert.equal(verifyLog(bytes, null).verdict, "re-derived");
  assert.ok(new Replay(bytes).instances().some((it) => it.key === incident && it.incidents.length === 1));
  await close();
});

test("following loses nothing while it is paused", async () => {
  const { page, close } = await open(browser, `${server.address}/#/log`);
  await page.getByRole("button", { name: "Follow" }).waitFor();
  for (let count = 0; count < 3; count += 1) {
    await server.post("/v2/process-instances", { processDefinitionId: "order", variables: { order: { id: `L-${count}`, total: 1 } } });
  }
  await page.getByRole("button", { name: /\d+ new/ }).waitFor();
  await page.keyboard.press("F");
  await page.getByRole("button", { name: "Live", exact: true }).waitFor();
  await page.waitForFunction(() => {
    const rows = document.querySelector("dacapo-studio").shadowRoot.querySelector("studio-debugger").rows;
    return rows.positions.at(-1) === rows.positions.length && rows.positions.length > 130;
  });
  await server.post("/v2/process-instances", { processDefinitionId: "order", variables: { order: { id: "L-4", total: 1 } } });
  await page.waitForFunction((end) => {
    const view = document.querySelector("dacapo-studio").shadowRoot.querySelector("studio-debugger").view;
    return view.record.position > end;
  }, 140);
  await close();
});

test("the page works behind a path prefix", async () => {
  const proxy = await startStatic({ prefix: "/tools/dacapo/", behind: server.address });
  const { page, close } = await open(browser, `${proxy.address}#/instance/${incident}`);
  await page.getByRole("heading", { name: "incident.created" }).waitFor();
  await page.getByText("chained only").waitFor();
  await page.getByRole("button", { name: "Verify all" }).click();
  await page.getByText("re-derived").waitFor();
  await close();
  await proxy.stop();
});

test("files are compressed, tagged and protected", async () => {
  const page = await fetch(`${server.own}/`);
  const policy = page.headers.get("content-security-policy");
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)|https?:/);
  assert.equal(page.headers.get("x-content-type-options"), "nosniff");
  const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(await page.text())[1];
  for (const coding of ["br", "gzip", "identity"]) {
    const found = await fetch(`${server.own}/${script}`, { headers: { "accept-encoding": coding } });
    assert.equal(found.headers.get("content-encoding"), coding === "identity" ? null : coding);
    assert.match(found.headers.get("cache-control"), /immutable/);
    assert.match(await found.text(), /customElements/);
    const headers = { "accept-encoding": coding, "if-none-match": found.headers.get("etag") };
    assert.equal((await fetch(`${server.own}/${script}`, { headers })).status, 304);
  }
  assert.equal((await fetch(`${server.own}/assets/..%2f..%2fCargo.toml`)).status, 404);
});
