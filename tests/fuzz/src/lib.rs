//! What must hold of any bytes, whoever sent them.
//!
//! A check of [`CHECKS`] takes bytes and panics if something does not hold. Two run them: the targets below `src/bin`, which
//! the coverage-guided fuzzer calls (`cargo xtask fuzz`), and the tests of this crate, which replay every file of `corpus`
//! in an ordinary `cargo test`: what once was found stays found. This crate is not part of a plain build, and without
//! `--cfg fuzzing` it needs no compiler for C++.

mod bpmn;
mod dmn;
mod feel;

pub use bpmn::bpmn_xml;
pub use dmn::dmn_xml;
pub use feel::{feel_text, unary_tests};

use std::path::Path;
use std::process::ExitCode;

/// Panics if something does not hold of the bytes.
pub type Check = fn(&[u8]);

/// The checks by name: each is a target of the fuzzer and a folder of the corpus.
pub const CHECKS: [(&str, Check); 4] = [
    ("feel_text", feel_text),
    ("unary_tests", unary_tests),
    ("dmn_xml", dmn_xml),
    ("bpmn_xml", bpmn_xml),
];

/// Makes a program of a check: of the fuzzer, or one that takes files as arguments.
#[macro_export]
macro_rules! target {
    ($check:path) => {
        #[cfg(fuzzing)]
        libfuzzer_sys::fuzz_target!(|bytes: &[u8]| $check(bytes));

        #[cfg(not(fuzzing))]
        fn main() -> std::process::ExitCode {
            $crate::replay($check)
        }
    };
}

/// Checks the files that the arguments of the program name.
pub fn replay(check: Check) -> ExitCode {
    let paths: Vec<_> = std::env::args_os().skip(1).collect();
    if paths.is_empty() {
        eprintln!("expected files to check, found none");
        return ExitCode::FAILURE;
    }
    for path in &paths {
        match std::fs::read(Path::new(path)) {
            Ok(bytes) => check(&bytes),
            Err(error) => {
                eprintln!("{} cannot be read: {error}", Path::new(path).display());
                return ExitCode::FAILURE;
            }
        }
    }
    println!("{} files hold", paths.len());
    ExitCode::SUCCESS
}
