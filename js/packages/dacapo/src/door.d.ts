export * from "./dacapo.js";

/** A compiled module, where the types of the host know such a thing. */
export type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : never;
/** Where the Wasm is: an address, an answer, its bytes, or the compiled module. */
export type WasmSource = URL | string | Request | Response | Promise<Response> | ArrayBuffer | Uint8Array | WasmModule;
/** Loads the Wasm; again and again is once. In Node the import of `dacapo` has done so. Throws `wasm_not_found` where there is none. */
export declare function load(source?: WasmSource): Promise<void>;
/** Loads the Wasm at once, from its bytes or the compiled module. */
export declare function loadSync(source: ArrayBuffer | Uint8Array | WasmModule): void;
