//! The pure core of dacapo: no clock, no I/O, no threads, no randomness; only `core` and `alloc`.
#![no_std]

extern crate alloc;

pub mod bpmn;
pub mod dmn;
pub mod feel;
pub mod kernel;
pub mod process;
pub mod record;

mod xml;
