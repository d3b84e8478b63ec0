// The door for browsers and bundlers: the Wasm lies beside this file.
import "./open.js";
import { loadFrom } from "./loading.js";

export { Decisions, Engine, Feel, Fork, Replay, Verifying, bpmn, verifyLog } from "./dacapo.js";
export { loadSync } from "./loading.js";

export const load = (source = new URL("./dacapo_bg.wasm", import.meta.url)) => loadFrom(source);
