// The packed package in Deno and Bun.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { app, install } from "./packed.mjs";

const { folder } = install();
const modules = fileURLToPath(new URL("../node_modules/", import.meta.url));

/** Finds the program of a runtime among the packages of this platform: their install scripts do not run. */
function program(scope, name) {
  const scoped = join(modules, scope);
  const platforms = existsSync(scoped) ? readdirSync(scoped) : [];
  const names = platforms.flatMap((it) => [name, `${name}.exe`, `bin/${name}`, `bin/${name}.exe`].map((file) => join(scoped, it, file)));
  const found = names.find((it) => existsSync(it));
  assert.ok(found, `expected ${name} for ${process.platform} ${process.arch} in ${scoped}, found ${platforms.join(", ") || "nothing"}`);
  return found;
}

const RUNTIMES = [["deno", "@deno", ["run", "--no-lock", "--allow-read", "--node-modules-dir=manual"]], ["bun", "@oven", ["run"]]];

for (const [name, scope, args] of RUNTIMES) {
  for (const door of ["dacapo", "dacapo/inline"]) {
    test(`${name}: import ${door}`, () => {
      writeFileSync(join(folder, "app.mjs"), app(door));
      const env = { ...process.env, DENO_NO_UPDATE_CHECK: "1", DENO_DIR: join(folder, ".deno") };
      const said = execFileSync(program(scope, name), [...args, "app.mjs"], { cwd: folder, encoding: "utf8", timeout: 120_000, env });
      assert.match(said, /^it works/);
    });
  }
}
