//! Bench figures: what is measured, and how it is reported.
//!
//! [`core`] is the engine alone, [`feel`] its expressions and decisions, [`feel_wasm`] these in Node, [`inside`] the engine
//! on a database within this process, [`rest`] the server's binary asked over HTTP, [`recovery`] its start, [`wasm`] the
//! engine in Node, [`page`] the debugger in a browser. What `inside` and `rest` do is the same ([`work`]).

pub mod connection;
pub mod core;
pub mod feel;
pub mod feel_wasm;
pub mod inside;
pub mod page;
pub mod place;
pub mod recovery;
pub mod report;
pub mod rest;
pub mod running;
pub mod wasm;
pub mod work;
