// The packed package in Node, as an ES module and with require, and what the checkers of packages say.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { app, install, node } from "./packed.mjs";

const { folder, tarball, files, size } = install(["@types/node"]);
const tool = (path) => fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));

test("the package holds what it needs, once", () => {
  assert.ok(size < 3_000_000, `${size} bytes`);
  assert.equal(files.filter((it) => it.endsWith(".wasm")).length, 1);
  assert.ok(files.includes("README.md"));
  assert.deepEqual(files.filter((it) => !/^(dist\/[\w.]+|README\.md|package\.json|LICENSE[\w-]*)$/.test(it)), []);
});

for (const door of ["dacapo", "dacapo/inline"]) {
  test(`import ${door}`, () => {
    writeFileSync(join(folder, "app.mjs"), app(door));
    assert.match(node(folder, "app.mjs"), /^it works/);
  });

  test(`require ${door}`, () => {
    const text = app(door).replace(/import (.*) from (.*);/, "const $1 = require($2);").replace("export async", "async");
    writeFileSync(join(folder, "app.cjs"), text);
    assert.match(node(folder, "app.cjs"), /^it works/);
  });
}

test("dacapo/slim takes bytes, a module, and says what is missing", () => {
  const bytes = 'import { readFileSync } from "node:fs"; const bytes = readFileSync(new URL(import.meta.resolve("dacapo/dacapo.wasm")));';
  writeFileSync(join(folder, "bytes.mjs"), bytes + app("dacapo/slim", "bytes"));
  assert.match(node(folder, "bytes.mjs"), /^it works/);
  writeFileSync(join(folder, "module.mjs"), bytes + app("dacapo/slim", "new WebAssembly.Module(bytes)"));
  assert.match(node(folder, "module.mjs"), /^it works/);
  writeFileSync(join(folder, "nothing.mjs"), app("dacapo/slim"));
  assert.match(node(folder, "nothing.mjs"), /^DacapoError argument_malformed /);
  writeFileSync(join(folder, "early.mjs"), 'import { Engine } from "dacapo/slim"; try { new Engine(); } catch (error) { console.log(error.code); }');
  assert.equal(node(folder, "early.mjs").trim(), "wasm_not_loaded");
  const page = 'globalThis.fetch = async () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } });';
  writeFileSync(join(folder, "page.mjs"), page + app("dacapo/slim", '"https://example.org/dacapo_bg.wasm"'));
  assert.match(node(folder, "page.mjs"), /^DacapoError wasm_not_found .*https:\/\/example\.org\/dacapo_bg\.wasm, found text\/html: .*dacapo\/inline/);
});

test("publint has nothing to say", async () => {
  const { messages, pkg } = await publint({ pkgDir: join(folder, "node_modules/dacapo"), level: "warning", strict: true });
  assert.deepEqual(messages.map((it) => formatMessage(it, pkg)), []);
});

test("are the types wrong: no", () => {
  const args = [tool("@arethetypeswrong/cli/dist/index.js"), tarball, "--profile", "node16", "--exclude-entrypoints", "dacapo.wasm", "--no-emoji", "--format", "ascii"];
  try {
    execFileSync(process.execPath, args, { encoding: "utf8", timeout: 120_000 });
  } catch (error) {
    assert.fail(error.stdout + error.stderr);
  }
});

const program = (importing) => `${importing}
const engine = new Engine({ now: 0, limits: { stepEvents: 100 } });
const [definition] = engine.deploy([{ name: "p.bpmn", content: bpmn("p", "start -> end") }]);
const key: string = engine.createInstance({ processDefinitionKey: definition!.processDefinitionKey, variables: { a: [1n, new Map([["b", null]])] } });
const replay: Replay = engine.replay();
const place: { position: number; timestamp: number | null; digest: string } = replay.seekEnd();
const wait = replay.why(key)?.waits[0];
if (wait?.kind === "job") { const type: string = wait.jobType; void type; }
const fork: Fork = replay.fork();
fork.completeJob({ jobKey: "1", variables: new Map() });
const report = verifyLog(engine.log(), (frames: number) => void frames);
const verdict: "re-derived" | "chained only" | "not verifiable" = report.verdict;
const opened: Promise<Replay> = Replay.open(new Uint8Array(), { onProgress: ({ bytes, frames }) => void (bytes + frames) });
void [place, verdict, opened, load];
const feel: Feel = Feel.parse("a > 1", { dialect: "dmn" });
const evaluated: { value: unknown; fuel: number; warnings: { part: string | null }[] } = feel.evaluate({ a: 1n }, { now: 0, trace: true });
const decisions: Decisions = Decisions.open([{ name: "d.dmn", content: "" }]);
const rule: number | undefined = decisions.evaluate("d").decisions[0]?.rules[0]?.index;
feel.close();
void [evaluated, rule, feel.format().length];
// @ts-expect-error: there are two dialects
Feel.parse("a", { dialect: "other" });
// @ts-expect-error: an expression is parsed, not made
new Feel("a");
// @ts-expect-error: jobs have keys, not numbers
fork.completeJob({ jobKey: 1 });
// @ts-expect-error: a fork is made by a replay
new Fork();
`;
const names = "{ Decisions, Engine, Feel, Fork, Replay, bpmn, load, verifyLog }";

for (const [file, importing, options] of [
  ["node.mts", `import ${names} from "dacapo";`, ["--module", "nodenext"]],
  ["node.cts", `import ${names} from "dacapo";`, ["--module", "nodenext"]],
  ["inline.mts", `import ${names} from "dacapo/inline";`, ["--module", "nodenext"]],
  ["inline.cts", `import ${names} from "dacapo/inline";`, ["--module", "nodenext"]],
  ["slim.mts", `import ${names} from "dacapo/slim";`, ["--module", "nodenext"]],
  ["bundled.ts", `import ${names} from "dacapo";`, ["--module", "esnext", "--moduleResolution", "bundler"]],
]) {
  test(`types: ${file}`, () => {
    writeFileSync(join(folder, file), program(importing));
    const libraries = file === "bundled.ts" ? ["--lib", "es2022,dom", "--types", ""] : ["--lib", "es2022", "--types", "node"];
    const args = [tool("typescript/bin/tsc"), "--noEmit", "--strict", "--target", "es2022", "--noUncheckedIndexedAccess", ...options, ...libraries, file];
    try {
      execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", timeout: 120_000 });
    } catch (error) {
      assert.fail(error.stdout + error.stderr);
    }
  });
}
