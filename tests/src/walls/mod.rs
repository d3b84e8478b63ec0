//! The walls around the core: each proves that something cannot get in, and each can be shown to
//! fail on a copy of the core with that very thing planted.
//!
//! Strongest first: [`core_and_alloc`] → [`floats`] and [`probe`] → [`lints`] → [`tree`].

mod compile;
mod site;
mod tree;
mod wasm_scan;

pub use compile::{core_and_alloc, floats, lints, probe, probe_bytes};
pub use site::Site;
pub use tree::{COMMITTED_TREE, tree, tree_difference};
pub use wasm_scan::{Float, Scan, scan};
