//! Writes what the native core says about expressions and decisions, for the test of the npm package that must say the
//! same: `evaluations <seed> <count>`.

use std::io::{BufWriter, Write, stdout};
use std::process::ExitCode;

use dacapo_tests::evaluations::write;

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|it| it.parse::<u64>());
    let (Some(Ok(seed)), Some(Ok(count)), None) = (numbers.next(), numbers.next(), numbers.next())
    else {
        eprintln!("evaluations: expected a seed and a count");
        return ExitCode::from(2);
    };
    let mut out = BufWriter::new(stdout().lock());
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    match write(&mut out, seed, count).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("evaluations: {error}");
            ExitCode::FAILURE
        }
    }
}
