// The examples of the package's README run in Chromium too, and print what stands behind them; those that need Node are left to Node.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import { examples, promised } from "../../dacapo/test/examples.mjs";
import { startBrowser, startStatic } from "./support.mjs";

const PACKAGE = fileURLToPath(new URL("../../dacapo/dist/", import.meta.url));
const PAGE = `<!doctype html><script type="importmap">{ "imports": { "dacapo": "/browser.js" } }</script>`;

let site;
let browser;
let page;
before(async () => {
  [site, browser] = await Promise.all([startStatic({ root: PACKAGE }), startBrowser()]);
  page = await browser.newPage();
  await page.route(site.address, (route) => route.fulfill({ contentType: "text/html", body: PAGE }));
  await page.goto(site.address);
  await page.evaluate(async () => (await import("dacapo")).load());
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const inBrowser = examples.filter(({ code }) => !code.includes('"node:'));
for (const { title, number, code } of inBrowser) {
  test(`${title}: example ${number}`, async () => {
    const printed = await page.evaluate(async (code) => {
      const printed = [];
      console.log = (...values) => printed.push(values);
      const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
      await import(url);
      return printed;
    }, code);
    assert.deepEqual(printed.map((values) => format(...values)), promised(code));
  });
}

test("both classes have examples in a browser", () => {
  for (const name of ["Engine", "Replay"]) assert.ok(inBrowser.some(({ code }) => code.includes(name)), name);
});
