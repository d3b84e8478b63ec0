//! From the bytes of a BPMN file to executable processes.
//!
//! Reading order: [`guard`] and [`source`] make a safe tree of the bytes, [`definitions`] finds the
//! processes, [`scope`] walks one, and one small file reads each family of elements. A problem never
//! stops the reader: it notes it, puts something harmless in its place and goes on, so that an
//! author sees all problems at once.

mod definitions;
mod draft;
mod events;
mod extensions;
mod guard;
mod jobs;
mod mappings;
mod messages;
mod names;
mod positions;
mod reader;
mod scope;
mod source;
mod tasks;
mod timers;

use alloc::vec::Vec;

use super::check;
use super::model::ExecutableProcess;
use super::problem::{Problem, Report};

/// How large an XML file may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct XmlLimits {
    /// Bytes of the file.
    pub bytes: u32,
    /// Elements of the file.
    pub nodes: u32,
    /// Levels of nesting; at most [`XmlLimits::DEPTH_MAX`], whatever stands here.
    pub depth: u32,
    /// Attributes of one element.
    pub attributes: u32,
    /// Namespace declarations of the file.
    pub namespaces: u32,
}

impl XmlLimits {
    /// The deepest nesting that is read at all.
    pub const DEPTH_MAX: u32 = 64;

    /// Every file, however large.
    const NONE: Self = Self {
        bytes: u32::MAX,
        nodes: u32::MAX,
        depth: Self::DEPTH_MAX,
        attributes: u32::MAX,
        namespaces: u32::MAX,
    };
}

impl Default for XmlLimits {
    fn default() -> Self {
        Self {
            bytes: 4 * 1024 * 1024,
            nodes: 200_000,
            depth: Self::DEPTH_MAX,
            attributes: 128,
            namespaces: 10_000,
        }
    }
}

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
    match source::decode(bytes, limits) {
        Err(defect) => {
            report.add(defect.location, None, defect.code, defect.message);
            Vec::new()
        }
        Ok(text) => match source::tree(text, limits) {
            Err(defect) => {
                report.add(defect.location, None, defect.code, defect.message);
                Vec::new()
            }
            Ok(document) => definitions::read(&document, text, report),
        },
    }
}
