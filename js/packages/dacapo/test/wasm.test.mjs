// The Wasm that the package ships: it loads, and asks its host for nothing but what its bindings give.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const file = new URL("../dist/dacapo_bg.wasm", import.meta.url);

// Whoever can ask for these does not compute the same thing twice.
const impure = /date|now|performance|random|crypto|fetch|timeout|interval|storage|process|require/i;

// "__wbg_now_1a2b3c4d5e6f" is `now`, whatever the hash.
const named = (name) => name.replace(/^__wb(g|indgen)_/, "").replace(/_[0-9a-f]{16}$/, "");

test("the Wasm imports nothing but its bindings", async () => {
  const module = await WebAssembly.compile(await readFile(file));
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    assert.equal(from, "./dacapo_bg.js", `${kind} ${name}`);
    assert.doesNotMatch(named(name), impure);
  }
});

test("a clock among the imports would be noticed", () => {
  assert.match(named("__wbg_now_0123456789abcdef"), impure);
  assert.doesNotMatch(named("__wbg_set_fedcba9876543210"), impure);
});

test("the inline door has the very same bytes", async () => {
  const { default: base64 } = await import("../dist/dacapo_bg.wasm.base64.js");
  assert.ok(Buffer.from(base64, "base64").equals(await readFile(file)));
});
