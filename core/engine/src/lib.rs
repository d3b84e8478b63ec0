#![no_std]
//! The pure core.
#![forbid(unsafe_code)]
extern crate alloc;
