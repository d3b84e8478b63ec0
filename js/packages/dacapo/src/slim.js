// The door for those who bring the Wasm themselves: its URL, bytes or module.
import "./open.js";
import { loadFrom } from "./loading.js";
import { problem } from "./problem.js";

export { Decisions, Engine, Feel, Fork, Replay, Verifying, bpmn, verifyLog } from "./dacapo.js";
export { loadSync } from "./loading.js";

export async function load(source) {
  if (source === undefined) {
    throw problem("argument_malformed", 'expected the URL, bytes or module of the Wasm, found nothing: "dacapo/slim" brings none');
  }
  await loadFrom(source);
}
