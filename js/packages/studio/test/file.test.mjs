// The page as a static page: a dropped file is played in it, whatever stands in the file.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Engine, bpmn } from "dacapo";
import { drop, open, startBrowser, startStatic } from "./support.mjs";

const EVIL = [
  '<img src=x onerror=alert(1)>', "<script>alert(1)</script>", '"><svg onload=alert(1)>', "javascript:alert(1)", "{{constructor.constructor('alert(1)')()}}",
  "${alert(1)}", "' onmouseover='alert(1)", "__proto__", "constructor", "</style><script>alert(1)</script>", "\u202Eevil", "&lt;b&gt;",
];
/** What a page without a server behind it is told when it looks for one. */
const NO_SERVER = [/404 \(Not Found\)/];

let site;
let browser;
before(async () => {
  [site, browser] = await Promise.all([startStatic(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** Writes a log with the corpus in every text that somebody outside chooses. */
function evilLog() {
  const engine = new Engine({ now: 1_790_000_000_000 });
  for (const text of EVIL) engine.publishMessage({ messageName: text, correlationKey: text, messageId: text, timeToLiveMs: 60_000, requestId: text, correlationId: text, variables: {} });
  const waits = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
    <bpmn:message id="m" name="${escaped(EVIL[2])}"><bpmn:extensionElements><zeebe:subscription correlationKey="=&quot;never ${escaped(EVIL[1]).replaceAll("&quot;", "")}&quot;"/></bpmn:extensionElements></bpmn:message>
    <bpmn:process id="__proto__" name="constructor" isExecutable="true"><bpmn:startEvent id="toString"/><bpmn:serviceTask id="hasOwnProperty"><bpmn:extensionElements><zeebe:taskDefinition type="throws"/></bpmn:extensionElements></bpmn:serviceTask>
    <bpmn:receiveTask id="valueOf" messageRef="m"/><bpmn:sequenceFlow id="f" sourceRef="toString" targetRef="hasOwnProperty"/><bpmn:sequenceFlow id="g" sourceRef="toString" targetRef="valueOf"/></bpmn:process></bpmn:definitions>`;
  engine.deploy([{ name: "__proto__", content: waits }]);
  engine.createInstance({ processId: "__proto__", variables: new Map([["constructor", EVIL[0]]]) });
  const [thrown] = engine.activateJobs({ jobType: "throws", worker: EVIL[5] });
  engine.throwError({ jobKey: thrown.jobKey, errorCode: EVIL[1], errorMessage: EVIL[0], variables: new Map() });
  const tasks = EVIL.map((text, index) => `<bpmn:serviceTask id="task-${index}" name="${escaped(text)}"><bpmn:extensionElements><zeebe:taskDefinition type="${escaped(text)}"/></bpmn:extensionElements></bpmn:serviceTask>`);
  const flows = EVIL.map((_, index) => `<bpmn:sequenceFlow id="flow-${index}" name="${escaped(EVIL[index])}" sourceRef="${index ? `task-${index - 1}` : "start"}" targetRef="task-${index}"/>`);
  const xml = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
    <bpmn:process id="evil" name="${escaped(EVIL[0])}" isExecutable="true"><bpmn:startEvent id="start"/>${tasks.join("")}${flows.join("")}</bpmn:process></bpmn:definitions>`;
  engine.deploy([{ name: `${EVIL[0]}.bpmn`, content: xml }]);
  const variables = new Map(EVIL.map((text) => [text, text]));
  variables.set("nested", new Map([["__proto__", new Map(EVIL.map((text) => [text, [text]]))]]));
  variables.set("large", 18_446_744_073_709_551_615n);
  engine.createInstance({ processId: "evil", variables, businessId: EVIL[0], tags: EVIL.slice(0, 3), actor: EVIL[1] });
  for (const text of EVIL) {
    const [job] = engine.activateJobs({ jobType: text, worker: text, timeoutMs: 1000 });
    if (text === EVIL.at(-1)) engine.failJob({ jobKey: job.jobKey, retries: 0, errorMessage: EVIL.join("\n") });
    else engine.completeJob({ jobKey: job.jobKey, variables: new Map([[text, text]]) });
  }
  return engine.log();
}

test("a page without a server says what to do", async () => {
  const { page, close } = await open(browser, site.address, { allowed: NO_SERVER });
  await page.getByRole("heading", { name: "Drop a dacapo log file here" }).waitFor();
  await close();
});

/** Returns what a page holds that came from a text and is not one. */
const injected = (page) => page.evaluate(() => {
  const found = [];
  const look = (root) => {
    for (const it of root.querySelectorAll("*")) {
      if (it.shadowRoot) look(it.shadowRoot);
      if (it.localName === "img" || (it.localName === "script" && !it.src) || it.getAttributeNames().some((name) => name.startsWith("on"))) found.push(it.outerHTML);
      if (/^javascript:/i.test(it.getAttribute("href") ?? "")) found.push(it.outerHTML);
    }
  };
  look(document);
  return found;
});

test("a dropped file is played, and no text of it is ever read as markup", async () => {
  const { page, close } = await open(browser, site.address, { allowed: NO_SERVER });
  await page.getByRole("heading", { name: "Drop a dacapo log file here" }).waitFor();
  await drop(page, evilLog(), "<img src=x onerror=alert(1)>.log");
  await page.getByRole("heading", { name: "incident.created" }).waitFor();
  await page.getByText("re-derived").waitFor();
  await page.locator("studio-diagram .djs-shape").first().waitFor();
  for (const tab of ["Variables", "Why", "State", "Bisect", "Message", "Step"]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.waitForTimeout(150);
    if (tab === "State") for (const it of await page.locator("studio-inspector .tables > details > summary").all()) await it.click();
  }
  assert.equal(await page.getByText("18446744073709551615").count() > 0, true, "64-bit numbers are exact");
  await page.getByText("As it is stored").click();
  await page.keyboard.press("o");
  for (let step = 0; step < 30; step += 1) await page.keyboard.press("k");
  await page.getByRole("button", { name: "Fork", exact: true }).click();
  await page.getByRole("button", { name: /Fork at record/ }).click();
  await page.getByText("Both futures").waitFor();
  assert.deepEqual(await injected(page), []);
  await page.getByRole("button", { name: "Close the file" }).click();
  await page.getByRole("heading", { name: "Drop a dacapo log file here" }).waitFor();
  await close();
});

test("an instance whose ids are names of JavaScript's own is told of, drawn or not", async () => {
  const { page, close } = await open(browser, site.address, { allowed: NO_SERVER });
  await page.getByRole("heading", { name: "Drop a dacapo log file here" }).waitFor();
  await drop(page, evilLog());
  await page.getByRole("heading", { name: "incident.created" }).waitFor();
  await page.getByRole("link", { name: "Instances" }).click();
  await page.getByRole("link", { name: "__proto__" }).click();
  await page.getByRole("heading", { name: "incident.created" }).waitFor();
  await page.getByText("UNHANDLED_ERROR_EVENT").first().waitFor();
  // bpmn-js keeps elements in objects by their ids, and has no room for this one.
  await page.getByRole("heading", { name: "The model cannot be drawn" }).waitFor();
  await page.getByRole("tab", { name: "Variables" }).click();
  await page.getByRole("tree", { name: "Variables" }).getByText("constructor", { exact: true }).waitFor();
  await page.keyboard.press("s");
  await page.getByRole("tree", { name: "State" }).getByText("hasOwnProperty", { exact: true }).first().waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("1");
  assert.deepEqual(await injected(page), []);
  await close();
});

test("where a model is not deployed yet the page says so and shows the rest", async () => {
  const engine = new Engine({ now: 1_790_000_000_000 });
  engine.deploy([{ name: "late.bpmn", content: bpmn("late", "start -> work:service(work) -> end") }]);
  const instance = engine.createInstance({ processId: "late", variables: { a: 1 } });
  const { page, close } = await open(browser, site.address, { allowed: NO_SERVER });
  await page.getByRole("heading", { name: "Drop a dacapo log file here" }).waitFor();
  await drop(page, engine.log());
  await page.locator("studio-diagram .djs-shape").first().waitFor();
  await page.evaluate((hash) => (location.hash = hash), `#/instance/${instance}?at=1`);
  await page.getByRole("heading", { name: "No model here yet" }).waitFor();
  await page.getByRole("heading", { name: "log.genesis" }).waitFor();
  await page.keyboard.press("G");
  await page.locator("studio-diagram .badge").first().waitFor();
  await close();
});

test("damaged files end on a page that names what is wrong", async () => {
  const good = evilLog();
  const flipped = Uint8Array.from(good);
  flipped[good.length >> 1] ^= 4;
  const version = Uint8Array.from(good);
  version[9] ^= 0xff;
  const cases = [
    ["no log", Buffer.from("hello")], ["empty", new Uint8Array()], ["flipped", flipped], ["truncated", good.slice(0, good.length - 40)],
    ["another version", version], ["bomb", new Uint8Array(1_000_000).fill(0xdf)],
  ];
  for (const [name, bytes] of cases) {
    const { page, close } = await open(browser, site.address, { allowed: NO_SERVER });
    await page.getByRole("heading", { name: "Drop a dacapo log file here" }).waitFor();
    await drop(page, bytes, `${name}.log`);
    const alert = page.getByRole("alert");
    await alert.waitFor();
    assert.match(await alert.locator("code").innerText(), /^[a-z_]+$/, name);
    assert.match(await alert.locator(".why").innerText(), /expected/, name);
    await drop(page, good);
    await page.getByRole("heading", { name: "incident.created" }).waitFor();
    await close();
  }
});

test("what a decision decided is told at its record, with every digit", async () => {
  const engine = new Engine({ now: 1_790_000_000_000 });
  const fees = `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="fees" name="Fees" namespace="fees">
    <decision id="fee" name="Fee of a member"><decisionTable hitPolicy="FIRST">
      <input label="Age"><inputExpression><text>age</text></inputExpression></input><output name="fee"/>
      <rule><inputEntry><text>&lt; 18</text></inputEntry><outputEntry><text>5</text></outputEntry></rule>
      <rule id="adults"><inputEntry><text>-</text></inputEntry><outputEntry><text>10.123456789012345678</text></outputEntry></rule>
    </decisionTable></decision></definitions>`;
  const rate = bpmn("rate", "start -> decide:rule(fee = fee) -> paid:receive(paid, =\"x\") -> end");
  engine.deploy([{ name: "fees.dmn", content: fees }, { name: "rate.bpmn", content: rate }]);
  const instance = engine.createInstance({ processId: "rate", variables: { age: 40 } });
  const replay = engine.replay();
  const records = Array.from({ length: replay.lastPosition }, (_, index) => index + 1);
  const position = records.find((it) => replay.lines(it, it)[0].text.includes("decision.evaluated"));
  const { page, close } = await open(browser, site.address, { allowed: NO_SERVER });
  await page.getByRole("heading", { name: "Drop a dacapo log file here" }).waitFor();
  await drop(page, engine.log(), "rate.dacapo");
  await page.locator("studio-diagram .djs-shape").first().waitFor();
  await page.evaluate((hash) => (location.hash = hash), `#/instance/${instance}?at=${position}`);
  await page.getByRole("heading", { name: "decision.evaluated" }).waitFor();
  const text = await page.locator("studio-decided").evaluate((it) => it.shadowRoot.textContent);
  for (const part of [/Fee of a member/, /version 1, decision table/, /Age\s*40/, /Rule 2 matched\s*adults/, /fee\s*10\.123456789012345678/]) assert.match(text, part);
  await close();
});
