//! `cargo xtask bench`: measures and prints a table; writes `target/bench.json`.
//!
//! `--only <prefix>` measures what is named so; `--quick` runs short rounds, to see that everything works.

use std::path::Path;
use std::process::ExitCode;

use dacapo_tests::bench::place::Places;
use dacapo_tests::bench::report::{Choice, Report};
use dacapo_tests::bench::{core, feel, feel_wasm, inside, page, recovery, rest, wasm};

fn main() -> ExitCode {
    let choice = match choice(std::env::args().skip(1)) {
        Ok(choice) => choice,
        Err(problem) => {
            eprintln!("bench: {problem}");
            return ExitCode::from(2);
        }
    };
    let mut report = Report::new(choice);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut places = Places::new();
    core::run(&mut report);
    feel::run(&mut report);
    feel_wasm::run(&mut report);
    wasm::run(&mut report);
    page::run(&mut report);
    inside::run(&mut report, &runtime, &mut places);
    rest::run(&mut report, &runtime, &mut places);
    recovery::run(&mut report, &runtime, &mut places);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench.json");
    match report.write(&path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {}: {error}", path.display());
            ExitCode::FAILURE
        }
    }
}

fn choice(mut arguments: impl Iterator<Item = String>) -> Result<Choice, String> {
    let mut choice = Choice::default();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => choice.is_quick = true,
            "--only" => choice.only = arguments.next().ok_or("--only: expected a prefix")?,
            other => return Err(format!("expected --only <prefix> or --quick, found {other}")),
        }
    }
    Ok(choice)
}
