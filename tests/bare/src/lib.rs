//! The purity probe: the engine where only `core` and `alloc` exist.
#![cfg_attr(target_arch = "wasm32", no_std)]
