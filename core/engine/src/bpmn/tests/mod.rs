//! The reader and the checks as a whole.

mod hostile;
mod models;
mod problems;
mod rules;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{ExecutableProcess, Problem, XmlLimits, parse};

/// Puts a body into a process; the body begins on line 3.
fn in_process(body: &str) -> String {
    in_definitions(&format!(
        "<bpmn:process id=\"p\" isExecutable=\"true\">\n{body}\n</bpmn:process>"
    ))
}

/// Puts a body into a file; the body begins on line 2.
fn in_definitions(body: &str) -> String {
    format!(
        "<bpmn:definitions xmlns:bpmn=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
         xmlns:zeebe=\"http://camunda.org/schema/zeebe/1.0\" xmlns:other=\"urn:other\">\n\
         {body}\n</bpmn:definitions>"
    )
}

fn read(xml: &str) -> Result<Vec<ExecutableProcess>, Vec<Problem>> {
    parse("f.bpmn", xml.as_bytes(), &XmlLimits::default())
}

/// Prints the problems of a file, without its name.
fn problems(xml: &str) -> Vec<String> {
    let found = read(xml).err().unwrap_or_default();
    found.iter().map(|it| format!("{} {it}", it.code).replace("f.bpmn:", "")).collect()
}
