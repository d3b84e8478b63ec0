// Where the bytes of the Wasm come from.
import init, { initSync } from "./dacapo.js";
import { problem } from "./problem.js";

const isAddress = (it) => typeof it === "string" || it instanceof URL || (typeof Request === "function" && it instanceof Request);
const isResponse = (it) => typeof Response === "function" && it instanceof Response;

export function loadSync(source) {
  initSync({ module: source });
}

export async function loadFrom(source) {
  const given = await source;
  const response = isAddress(given) ? await fetched(given) : given;
  await init({ module_or_path: isResponse(response) ? await bytesOf(response, given) : response });
}

const shown = (it) => (typeof it === "string" || it instanceof URL ? String(it) : it.url) || "its URL";

const missing = (at, found, cause) =>
  problem("wasm_not_found", `expected the Wasm of dacapo at ${at}, found ${found}: a bundler that does not copy dacapo_bg.wasm needs "dacapo/inline", or "dacapo/slim" and the URL of "dacapo/dacapo.wasm"`, cause);

async function fetched(address) {
  try {
    return await fetch(address);
  } catch (cause) {
    throw missing(shown(address), "nothing", cause);
  }
}

async function bytesOf(response, given) {
  const at = response.url || shown(given);
  if (!response.ok) {
    throw missing(at, `status ${response.status}`);
  }
  const bytes = await response.arrayBuffer();
  const [a, b, c, d] = new Uint8Array(bytes);
  if (a !== 0x00 || b !== 0x61 || c !== 0x73 || d !== 0x6d) {
    throw missing(at, response.headers.get("content-type") ?? "other bytes");
  }
  return bytes;
}
