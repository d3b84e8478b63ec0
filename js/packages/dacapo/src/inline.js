// The door for those who cannot serve a second file: the Wasm is inside, a third larger.
import "./open.js";
import base64 from "./dacapo_bg.wasm.base64.js";
import { loadFrom } from "./loading.js";

export { Decisions, Engine, Feel, Fork, Replay, Verifying, bpmn, verifyLog } from "./dacapo.js";
export { loadSync } from "./loading.js";

export const load = (source = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))) => loadFrom(source);
