// The Wasm that the package ships: it loads, and asks its host for nothing but what its bindings give.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const file = (platform, name) => new URL(`../dist/${platform}/${name}`, import.meta.url);

// Whoever can ask for these does not compute the same thing twice.
const impure = /date|now|performance|random|crypto|fetch|timeout|interval|storage|process|require/i;

// "__wbg_now_1a2b3c4d5e6f" is `now`, whatever the hash.
const named = (name) => name.replace(/^__wb(g|indgen)_/, "").replace(/_[0-9a-f]{16}$/, "");

for (const platform of ["nodejs", "web"]) {
  test(`the Wasm for ${platform} imports nothing but its bindings`, async () => {
    const module = await WebAssembly.compile(await readFile(file(platform, "dacapo_wasm_bg.wasm")));
    for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
      assert.match(from, /^(__wbindgen_placeholder__|\.\/dacapo_wasm_bg\.js)$/, `${kind} ${name}`);
      assert.doesNotMatch(named(name), impure);
    }
  });
}

test("a clock among the imports would be noticed", () => {
  assert.match(named("__wbg_now_0123456789abcdef"), impure);
  assert.doesNotMatch(named("__wbg_set_fedcba9876543210"), impure);
});

test("the package loads in Node", async () => {
  const core = await import("dacapo");
  assert.equal(typeof core, "object");
});
