// How the page looks, and that everybody can use it: screenshots and axe, dark and light, wide and narrow.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { open, shot, startBrowser, startServer } from "./support.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let server;
let browser;
let incident;
let waiting;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  const keyOf = async (filter) => (await server.post("/v2/process-instances/search", { filter })).items[0].processInstanceKey;
  incident = await keyOf({ hasIncident: true });
  waiting = await keyOf({ state: "ACTIVE", hasIncident: false });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** What the page is told when it asks for an instance that never was. */
const NO_INSTANCE = [/404 \(Not Found\)/];
const VIEWS = [
  ["welcome", () => "", (page) => page.getByRole("note", { name: "Welcome" }).waitFor()],
  ["palette", () => `#/instance/${incident}`, async (page) => {
    await page.locator(".badge.incident").waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("option").first().waitFor();
  }],
  ["heat", () => `#/instance/${waiting}?overlay=time`, (page) => page.locator(".badge.count").first().waitFor()],
  ["instances", () => "#/instances", (page) => page.locator("tbody tr").first().waitFor()],
  ["incidents", () => "#/incidents", (page) => page.locator("tbody tr").first().waitFor()],
  ["incident", () => `#/instance/${incident}`, (page) => page.locator(".badge.incident").waitFor()],
  ["waiting", () => `#/instance/${waiting}?tab=why&overlay=counts`, (page) => page.locator(".badge.count").first().waitFor()],
  ["fork", () => `#/instance/${waiting}?tab=fork`, async (page) => {
    await page.getByRole("button", { name: /Fork at record/ }).click();
    await page.getByRole("button", { name: /Advance to/ }).click();
    await page.locator("studio-diagram .badge").nth(1).waitFor();
  }],
  ["state", () => `#/instance/${incident}?tab=state`, (page) => page.getByRole("tree", { name: "State" }).waitFor()],
  ["variables", () => `#/instance/${incident}?tab=variables&watch=order.total+order+none`, (page) => page.getByRole("list", { name: "Watched variables" }).waitFor()],
  ["bisect", () => `#/instance/${incident}?tab=bisect&when=${encodeURIComponent("count(incidents) > 0")}`, (page) => page.getByText("● turns true").waitFor()],
  ["feel", () => `#/instance/${incident}?tab=feel&feel=${encodeURIComponent("order")}&break=large-order`, (page) => page.getByRole("status", { name: "Answer" }).waitFor()],
  ["message", () => `#/instance/${waiting}?tab=message`, (page) => page.getByText("parcel-delivered").last().waitFor()],
  ["export", () => `#/instance/${incident}?tab=export`, (page) => page.getByText("Save the slice").waitFor()],
  ["log", () => "#/log?find=incident", (page) => page.getByRole("heading", { name: /\w+\.\w+/ }).first().waitFor()],
  ["unknown", () => "#/instance/1", (page) => page.getByText("No instance 1 in this log").waitFor()],
];

for (const scheme of ["light", "dark"]) {
  for (const width of [1440, 800]) {
    test(`${scheme}, ${width} pixels`, async () => {
      const said = [];
      for (const [name, hash, ready] of VIEWS) {
        const { page, close } = await open(browser, `${server.address}/${hash()}`, { scheme, width, allowed: name === "unknown" ? NO_INSTANCE : [] });
        await ready(page);
        if (name === "log") await page.getByText("re-derived").waitFor();
        else if (!["instances", "incidents", "unknown"].includes(name)) await page.getByText("chained only").waitFor();
        await page.waitForTimeout(250);
        await page.screenshot({ path: shot(`${name}-${scheme}-${width}`) });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${name}: ${overflow} pixels wider than the page`);
        // Evaluated, not added as a script: the policy of the page stays as it is.
        await page.evaluate(AXE);
        const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
        const serious = found.violations.filter((it) => it.impact === "serious" || it.impact === "critical");
        said.push(...serious.map((it) => `${name}: ${it.id}: ${it.nodes.slice(0, 3).map((node) => `${node.target.flat().join(" > ")} ${node.any[0]?.message ?? ""}`).join("; ")}`));
        await close();
      }
      assert.deepEqual(said, []);
    });
  }
}
