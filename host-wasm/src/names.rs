//! The names of what stands in a log of processes.

use std::sync::OnceLock;

use dacapo_engine::process::{FIELDS, Process};
use dacapo_log::wire::Names;

/// Returns the names of the process machine.
pub(crate) fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| Names::of::<Process>(FIELDS).with_values())
}
