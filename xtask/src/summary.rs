//! What stands at the end of a run: a line for each step, and the counts.

use std::process::ExitCode;

use crate::step::{Outcome, Verdict};
use crate::terminal::{Colour, duration, line, paint};

/// Prints the summary; the exit code tells whether anything failed.
pub fn print(outcomes: &[Outcome]) -> ExitCode {
    line("");
    line("summary");
    outcomes.iter().for_each(|it| line(&row(it)));
    let mut steps = [0_u64; 3];
    let mut tests = [0_u64; 3];
    for it in outcomes {
        let place = match it.verdict {
            Verdict::Passed => 0,
            Verdict::Failed(_) => 1,
            Verdict::NotRun(_) => 2,
        };
        steps[place] += 1;
        tests.iter_mut().zip(it.tests).for_each(|(sum, count)| *sum += count);
    }
    line("");
    for (name, [passed, failed, skipped]) in [("steps", steps), ("tests", tests)] {
        line(&format!("{name}: {passed} passed, {failed} failed, {skipped} skipped"));
    }
    if steps[1] == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Returns the line of a step.
pub fn row(outcome: &Outcome) -> String {
    let (word, colour, why) = match &outcome.verdict {
        Verdict::Passed => ("passed", Colour::Green, None),
        Verdict::Failed(why) => ("FAILED", Colour::Red, Some(why)),
        Verdict::NotRun(why) => ("NOT RUN", Colour::Yellow, Some(why)),
    };
    let name = outcome.name;
    let word = paint(&format!("{word:<7}"), colour);
    let time = duration(outcome.time);
    let mut row = format!("  {name:<8} {word} {time:>12}");
    let [passed, failed, skipped] = outcome.tests;
    if passed + failed > 0 {
        row += &format!("  {passed} tests passed, {failed} failed, {skipped} left out");
    }
    if let Some(why) = why {
        row += &format!("  {why}");
    }
    if let (Verdict::Failed(_), Some(log)) = (&outcome.verdict, &outcome.log) {
        row += &paint(&format!("  (log: {})", log.display()), Colour::Grey);
    }
    row
}

/// Counts the tests that passed, failed and were left out, from what cargo and Node print.
pub fn count(output: &str) -> [u64; 3] {
    let mut counts = [0; 3];
    for line in output.lines() {
        if let Some(result) = line.strip_prefix("test result: ") {
            let numbers = result.split([';', '.']).filter_map(number_and_word);
            for (number, word) in numbers {
                add(&mut counts, word, number);
            }
        } else if let Some(result) = line.strip_prefix("# ").or(line.strip_prefix("ℹ ")) {
            let mut words = result.split(' ');
            if let (Some(word), Some(Ok(number))) = (words.next(), words.next().map(str::parse)) {
                add(&mut counts, word, number);
            }
        }
    }
    counts
}

fn number_and_word(text: &str) -> Option<(u64, &str)> {
    let (number, word) = text.trim().split_once(' ')?;
    Some((number.parse().ok()?, word))
}

fn add(counts: &mut [u64; 3], word: &str, number: u64) {
    match word {
        "passed" | "pass" => counts[0] += number,
        "failed" | "fail" => counts[1] += number,
        "ignored" | "skipped" => counts[2] += number,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn counts_what_cargo_and_node_print() {
        let output = "running 7 tests\n\
            test result: FAILED. 4 passed; 1 failed; 2 ignored; 0 measured; 9 filtered out; finished in 0.1s\n\
            # tests 3\n# pass 3\n# fail 0\n# skipped 1\n";
        assert_eq!(count(output), [7, 1, 3]);
    }
}
