//! FEEL in dacapo beside FEEL elsewhere: the same expressions, the same values, the time of each.
//!
//! `cargo xtask bench --only peers` runs it. It ends with 1 if a value differs and `differences.txt` does not say why, or
//! if that file says why something differs that does not.

mod cases;
mod compare;
mod dsntk;
mod feelin;
mod measure;

use std::process::ExitCode;

fn main() -> ExitCode {
    let cases = cases::read();
    let feelin = feelin::run(&cases);
    let are_explained = compare::run(&cases, &feelin.values);
    measure::run(&cases, &feelin);
    if are_explained { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
