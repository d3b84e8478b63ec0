// What stands in the place of the Wasm until it is loaded: whatever is asked of it, it says what is missing.
import { problem } from "./problem.js";

export const unloaded = new Proxy({}, {
  get() {
    throw problem("wasm_not_loaded", 'expected the Wasm to be loaded, found that it is not: await load() of "dacapo", "dacapo/inline" or "dacapo/slim" first');
  },
});
