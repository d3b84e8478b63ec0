//! What the numbers and short names of a process log mean to people.

use dacapo_engine::process::{FIELDS, Process};
use dacapo_log::wire::Names;

/// Returns the names of the process machine; decimals show as numbers, dates, times and durations as ISO 8601 text.
pub fn process_names() -> Names {
    Names::of::<Process>(FIELDS).with_values()
}
