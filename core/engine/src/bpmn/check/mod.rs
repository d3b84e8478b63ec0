//! What must hold of a process before it may be deployed.
//!
//! Each file checks one thing about a whole process and notes problems at elements or flows. What
//! concerns one attribute alone was checked where it was read.

mod events;
mod flows;
mod gateways;
mod loops;
mod scopes;
pub(super) mod timer_text;

use alloc::string::String;

use super::model::{Element, ElementIndex, ExecutableProcess, Flow};
use super::problem::{ProblemCode, Report};

/// Notes all problems of a process.
pub(super) fn process(process: &ExecutableProcess, report: &mut Report) {
    scopes::check(process, report);
    flows::check(process, report);
    gateways::check(process, report);
    events::check(process, report);
    loops::check(process, report);
}

fn blame(report: &mut Report, element: &Element, code: ProblemCode, message: impl Into<String>) {
    report.add(element.location, Some(&element.id), code, message);
}

fn blame_flow(report: &mut Report, flow: &Flow, code: ProblemCode, message: impl Into<String>) {
    report.add(flow.location, Some(&flow.id), code, message);
}

/// Returns the id of an element for a message.
fn id_of(process: &ExecutableProcess, index: ElementIndex) -> &str {
    process.element(index).map_or("", |it| &it.id)
}
