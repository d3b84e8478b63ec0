// Every example of the README runs, and prints what stands behind it.
import assert from "node:assert/strict";
import { writeFileSync, mkdtempSync, rmSync, mkdirSync, symlinkSync } from "node:fs";
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { examples, promised } from "./examples.mjs";

const here = new URL("..", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "dacapo-readme-"));
mkdirSync(join(folder, "node_modules"));
symlinkSync(new URL(here), join(folder, "node_modules/dacapo"), "junction");
after(() => rmSync(folder, { recursive: true }));

for (const { title, number, code } of examples) {
  const file = join(folder, `example-${number}.mjs`);
  test(`${title}: example ${number}`, async () => {
    writeFileSync(file, code);
    const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 60_000 });
    const printed = code.includes("node:test") ? [] : stdout.trimEnd().split("\n");
    assert.deepEqual(printed.filter((line) => line !== ""), promised(code));
  });
}

test("there are examples", () => assert.ok(examples.length >= 7, `found ${examples.length}`));
