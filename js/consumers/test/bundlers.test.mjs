// The packed package through the bundlers: what they make runs, or says what they did not copy.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import webpack from "webpack";
import { app, install, node } from "./packed.mjs";

const { folder } = install();
let number = 0;

// A page fetches the Wasm from beside its script; here the script lies on a disk.
const page = `
import { readFileSync } from "node:fs";
globalThis.fetch = async (address) => {
  try { return new Response(readFileSync(new URL(address)), { headers: { "content-type": "application/wasm" } }); }
  catch { return new Response("<!doctype html>", { status: 404, headers: { "content-type": "text/html" } }); }
};
await import(process.argv[2]);
`;
writeFileSync(join(folder, "page.mjs"), page);
const open = (file) => node(folder, "page.mjs", file);

function project(from) {
  number += 1;
  const root = join(folder, `project-${number}`);
  mkdirSync(root);
  writeFileSync(join(root, "main.js"), app(from));
  writeFileSync(join(root, "index.html"), '<script type="module" src="./main.js"></script>');
  return root;
}

const bundlers = {
  esbuild: async (root) => {
    await esbuild.build({ absWorkingDir: root, entryPoints: ["main.js"], bundle: true, format: "esm", outdir: "dist", entryNames: "main", logLevel: "silent" });
    return join(root, "dist/main.js");
  },
  rollup: async (root) => {
    const bundle = await rollup({ input: join(root, "main.js"), plugins: [nodeResolve({ browser: true })], onwarn() {} });
    await bundle.write({ dir: join(root, "dist"), format: "es", entryFileNames: "main.js" });
    return join(root, "dist/main.js");
  },
  webpack: async (root) => {
    const compiler = webpack({
      mode: "production", context: root, entry: "./main.js", target: "web", experiments: { outputModule: true }, performance: false,
      output: { path: join(root, "dist"), filename: "main.js", module: true, chunkFormat: "module", publicPath: "auto" },
    });
    const stats = await new Promise((resolve, reject) => compiler.run((error, it) => (error ? reject(error) : resolve(it))));
    assert.ok(!stats.hasErrors(), stats.toString());
    return join(root, "dist/main.js");
  },
};

for (const version of ["vite6", "vite7", "vite8"]) {
  bundlers[version] = async (root) => {
    const { build } = await import(version);
    await build({
      root, base: "./", logLevel: "silent", configFile: false,
      build: { outDir: "dist", target: "es2022", modulePreload: { polyfill: false }, rollupOptions: { output: { entryFileNames: "main.js" } } },
    });
    return join(root, "dist/main.js");
  };
}

for (const [name, bundle] of Object.entries(bundlers)) {
  test(`${name}: dacapo/inline`, async () => {
    assert.match(open(await bundle(project("dacapo/inline"))), /^it works/);
  });

  const copies = name === "webpack" || name.startsWith("vite");
  test(`${name}: dacapo ${copies ? "brings its Wasm along" : "says that its Wasm was not copied"}`, async () => {
    const said = open(await bundle(project("dacapo")));
    assert.match(said, copies ? /^it works/ : /^DacapoError wasm_not_found .*dacapo_bg\.wasm, found status 404: .*"dacapo\/inline"/);
  });
}
