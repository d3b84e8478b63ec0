export * from "./dacapo.js";

/** Where the Wasm is: an address, an answer, its bytes, or the compiled module. */
export type WasmSource = URL | string | Request | Response | Promise<Response> | ArrayBuffer | Uint8Array | WebAssembly.Module;
/** Loads the Wasm; again and again is once. In Node the import of `dacapo` has done so. Throws `wasm_not_found` where there is none. */
export declare function load(source?: WasmSource): Promise<void>;
/** Loads the Wasm at once, from its bytes or the compiled module. */
export declare function loadSync(source: ArrayBuffer | Uint8Array | WebAssembly.Module): void;
