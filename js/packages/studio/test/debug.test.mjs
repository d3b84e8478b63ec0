// `dacapo debug`: the page on an instance of a server, and on a file that no server holds, whole or a slice.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BINARY, drop, open, startBrowser, startServer, startStatic } from "./support.mjs";

let server;
let browser;
let incident;
const folder = mkdtempSync(join(tmpdir(), "dacapo-debug-"));
const slice = join(folder, "slice.log");
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  const found = await server.post("/v2/process-instances/search", { filter: { hasIncident: true } });
  incident = found.items[0].processInstanceKey;
  execFileSync(BINARY, ["log", "export", "--address", server.own, "--instance", "@incident", "--out", slice], { stdio: "pipe" });
});
after(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function isOnTheIncident(page) {
  await page.getByRole("heading", { name: "incident.created" }).waitFor();
  await page.locator("studio-diagram .badge.incident").waitFor();
  await page.getByText("chained only").waitFor();
}

test("an instance: the address leads to the record that raised the incident", async () => {
  const said = execFileSync(BINARY, ["debug", "@incident", "--no-open", "--address", server.own], { encoding: "utf8" });
  const address = said.trim();
  assert.equal(address, `${server.own}/#/instance/${incident}`);
  const { page, close } = await open(browser, address.replace(server.own, server.address));
  await isOnTheIncident(page);
  await close();
});

test("a slice in a file: served to this machine, and played", async () => {
  const child = spawn(BINARY, ["debug", slice, "--no-open"], { stdio: ["ignore", "pipe", "pipe"] });
  const address = await new Promise((resolve, reject) => {
    child.stdout.on("data", (data) => resolve(`${data}`.trim()));
    child.once("exit", (code) => reject(new Error(`dacapo debug ended with ${code}`)));
  });
  assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/\?file=log$/);
  child.removeAllListeners("exit");
  const { page, close } = await open(browser, address);
  await isOnTheIncident(page);
  assert.equal(await page.getByRole("button", { name: "Verify all" }).count(), 0, "no server has the rest");
  await close();
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  await ended;
});

test("a dropped slice is played in a page without a server, and saved again as it is", async () => {
  const site = await startStatic();
  const { page, close } = await open(browser, site.address, { allowed: [/404 \(Not Found\)/] });
  await page.getByRole("heading", { name: "Drop a dacapo log file here" }).waitFor();
  const bytes = readFileSync(slice);
  await drop(page, bytes, "slice.log");
  await isOnTheIncident(page);
  for (const key of ["g", "l", "l", "l", "k"]) await page.keyboard.press(key);
  await page.keyboard.press("G");
  await page.getByRole("heading", { name: "incident.created" }).waitFor();
  await page.keyboard.press("x");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save the slice" }).click()]);
  assert.deepEqual(readFileSync(await download.path()), bytes);
  await close();
  await site.stop();
});
