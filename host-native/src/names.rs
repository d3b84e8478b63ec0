//! What the numbers and short names of a process log mean to people.

use dacapo_engine::kernel::AnyEvent;
use dacapo_engine::process::{FIELDS, Process, describe};
use dacapo_engine::record::Key;
use dacapo_log::wire::{Describe, Line, Names};

/// Tells the records of a process log in the words of the process machine.
#[derive(Clone, Copy, Debug)]
pub struct ProcessWords;

impl Describe<Process> for ProcessWords {
    fn line(
        &self,
        line: Line<'_, Process>,
        nickname: &mut dyn FnMut(Key) -> String,
    ) -> Option<String> {
        Some(match line {
            Line::Command(command) => describe::command(command, nickname),
            Line::Event(key, event) => describe::event(key, event, nickname),
        })
    }

    fn nickname(&self, event: &AnyEvent<Process>) -> Option<String> {
        describe::nickname(event)
    }
}

/// Returns the names of the process machine; decimals show as numbers, dates, times and durations as ISO 8601 text.
pub fn process_names() -> Names {
    Names::of::<Process>(FIELDS).with_values()
}
