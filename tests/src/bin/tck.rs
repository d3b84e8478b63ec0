//! `cargo xtask tck <folder>`: runs a folder in the format of the DMN TCK and prints the score.
//!
//! `--only <text>` runs the folders and files whose path contains it, `--failures` says why cases fail that are known
//! to, `--update` takes the cases that pass off the list of known failures.

use std::path::PathBuf;
use std::process::ExitCode;

use dacapo_tests::tck::known::{self, Known};
use dacapo_tests::tck::{Score, run_folder};

#[derive(Default)]
struct Choice {
    folder: PathBuf,
    only: String,
    shows_failures: bool,
    updates: bool,
}

fn main() -> ExitCode {
    match choice(std::env::args().skip(1)).and_then(|choice| run(&choice)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("tck: {problem}");
            ExitCode::from(2)
        }
    }
}

fn run(choice: &Choice) -> Result<bool, String> {
    // what panics is told with its case
    std::panic::set_hook(Box::new(|_| ()));
    let mut score = run_folder(&choice.folder)?;
    score.cases.retain(|(name, _)| name.contains(&choice.only));
    print!("{}", score.table());
    let first = !known::path().exists();
    let known = if first { Known::default() } else { Known::committed()? };
    if choice.updates {
        let list = known.after(&score, first);
        std::fs::write(known::path(), list).map_err(|error| error.to_string())?;
        return Ok(true);
    }
    if choice.shows_failures {
        print_failures(&score);
    }
    let differences = score.differences(&known);
    differences.iter().for_each(|it| println!("{it}"));
    Ok(differences.is_empty())
}

fn print_failures(score: &Score) {
    for (name, verdict) in &score.cases {
        if let dacapo_tests::tck::run::Verdict::Failed(why) = verdict {
            println!("{name}: {why}");
        }
    }
}

fn choice(mut arguments: impl Iterator<Item = String>) -> Result<Choice, String> {
    let mut choice = Choice::default();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--only" => choice.only = arguments.next().ok_or("--only: expected a text")?,
            "--failures" => choice.shows_failures = true,
            "--update" => choice.updates = true,
            folder if choice.folder.as_os_str().is_empty() && !folder.starts_with('-') => {
                choice.folder = folder.into();
            }
            other => return Err(format!("expected a folder, found {other}")),
        }
    }
    match choice.folder.as_os_str().is_empty() {
        true => Err("expected a folder, found none".into()),
        false => Ok(choice),
    }
}
