//! From the bytes of a BPMN file to executable processes.
//!
//! Reading order: [`crate::xml`] makes a safe tree of the bytes, [`definitions`] finds the processes,
//! [`scope`] walks one, and one small file reads each family of elements. A problem never stops the
//! reader: it notes it, puts something harmless in its place and goes on, so that an author sees all
//! problems at once.

mod definitions;
mod draft;
mod events;
mod extensions;
mod jobs;
mod mappings;
mod messages;
mod names;
mod reader;
mod scope;
mod tasks;
mod timers;

use alloc::vec::Vec;

use super::check;
use super::model::ExecutableProcess;
use super::problem::{Problem, Report};
use crate::xml::{self, XmlLimits};

/// Reads and checks the executable processes of a BPMN file.
///
/// # Errors
///
/// All problems of the file, in its order; never an empty list.
pub fn parse(
    resource_name: &str,
    bytes: &[u8],
    limits: &XmlLimits,
) -> Result<Vec<ExecutableProcess>, Vec<Problem>> {
    let mut report = Report::new(resource_name);
    let processes = read(bytes, limits, &mut report);
    for process in &processes {
        check::process(process, &mut report);
    }
    let problems = report.into_problems();
    if problems.is_empty() { Ok(processes) } else { Err(problems) }
}

/// Rebuilds the processes of a file that was deployed once.
///
/// Rules may become stricter with time, and what was deployed must run on: so nothing is checked
/// and no limit applies. An expression that cannot be read any more is `null`, an element that is
/// not supported any more waits for ever.
///
/// # Errors
///
/// The one problem of bytes that are no BPMN at all, which are not what was deployed.
pub fn compile(resource_name: &str, bytes: &[u8]) -> Result<Vec<ExecutableProcess>, Vec<Problem>> {
    let mut report = Report::new(resource_name);
    let processes = read(bytes, &XmlLimits::NONE, &mut report);
    if processes.is_empty() { Err(report.into_problems()) } else { Ok(processes) }
}

fn read(bytes: &[u8], limits: &XmlLimits, report: &mut Report) -> Vec<ExecutableProcess> {
    match xml::decode(bytes, limits) {
        Err(defect) => {
            report.add(defect.location, None, defect.problem, defect.message);
            Vec::new()
        }
        Ok(text) => match xml::tree(text, limits) {
            Err(defect) => {
                report.add(defect.location, None, defect.problem, defect.message);
                Vec::new()
            }
            Ok(document) => definitions::read(&document, text, report),
        },
    }
}
