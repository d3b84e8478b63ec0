// Every example of the README runs, and prints what stands behind it.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync, mkdtempSync, rmSync, mkdirSync, symlinkSync } from "node:fs";
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";

const here = new URL("..", import.meta.url);
const readme = readFileSync(new URL("README.md", here), "utf8");
const examples = [...readme.matchAll(/^## (.*)$|^```js run\n([\s\S]*?)^```$/gm)];

const folder = mkdtempSync(join(tmpdir(), "dacapo-readme-"));
mkdirSync(join(folder, "node_modules"));
symlinkSync(new URL(here), join(folder, "node_modules/dacapo"), "junction");
after(() => rmSync(folder, { recursive: true }));

// What is printed is what stands behind the last `//` of the lines that print.
const promised = (code) =>
  code.split("\n").filter((line) => line.includes("console.log(")).map((line) => line.slice(line.lastIndexOf(" // ") + 4).replace(/^"(.*)"$/, "$1"));

let title = "";
let number = 0;
for (const [, heading, code] of examples) {
  title = heading ?? title;
  if (code === undefined) {
    continue;
  }
  number += 1;
  const file = join(folder, `example-${number}.mjs`);
  test(`${title}: example ${number}`, async () => {
    writeFileSync(file, code);
    const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 60_000 });
    const printed = code.includes("node:test") ? [] : stdout.trimEnd().split("\n");
    assert.deepEqual(printed.filter((line) => line !== ""), promised(code));
  });
}

test("there are examples", () => assert.ok(number >= 7, `found ${number}`));
