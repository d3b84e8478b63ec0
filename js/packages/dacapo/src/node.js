// The door for Node, Deno and Bun: the Wasm is loaded from its file when this is imported.
import { createReadStream, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { host } from "./open.js";
import { loadFrom, loadSync } from "./loading.js";
import { problem } from "./problem.js";

export { Decisions, Engine, Feel, Fork, Replay, Verifying, bpmn, verifyLog } from "./dacapo.js";
export { loadSync };

const file = new URL("./dacapo_bg.wasm", import.meta.url);

const isWeb = (it) => /^[a-z][a-z0-9+.-]+:/i.test(it) && !it.startsWith("file:");

host.file = (source) => {
  const path = source instanceof URL ? source.href : source;
  if (typeof path !== "string" || isWeb(path)) {
    return null;
  }
  const stream = createReadStream(path.startsWith("file:") ? fileURLToPath(path) : path, { highWaterMark: 1 << 20 });
  return new Promise((resolve, reject) => {
    stream.once("open", () => resolve(stream));
    stream.once("error", (cause) => reject(problem("log_not_found", `expected a log at ${path}, found nothing`, cause)));
  });
};

try {
  loadSync(readFileSync(file));
} catch (cause) {
  throw problem("wasm_not_found", `expected the Wasm of dacapo at ${file.href}, found nothing: a bundler that does not copy dacapo_bg.wasm needs "dacapo/inline"`, cause);
}

export const load = async (source) => {
  if (source !== undefined) {
    await loadFrom(source);
  }
};
