//! `cargo xtask bench`: measures and prints a table; writes `target/bench.json`.

use std::path::Path;

use dacapo_tests::bench::core;
use dacapo_tests::bench::report::{Report, print_head};

fn main() -> std::io::Result<()> {
    let mut report = Report::default();
    print_head();
    core::run(&mut report, INSTANCES);
    report.write(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench.json"))
}

const INSTANCES: u64 = 20_000;
