//! The arrow notation: processes in a line or two, for tests, the command line and JavaScript.
//!
//! A notation is turned into BPMN XML, so that whoever uses it goes through the real reader.
//!
//! ```
//! use dacapo_engine::bpmn::{XmlLimits, notation, parse};
//!
//! let xml = notation::to_xml(
//!     "order",
//!     "start -> ship:service(ship-order) -> route:xor
//!      route -[total > 100]-> big:end ; route -[else]-> small:end
//!      late:boundary(timer PT5S, on=ship) -> remind:manual -> end
//!      ship.in(parcel = =order.parcel) ; ship.header(carrier = post) ; ship.retries(5)",
//! )?;
//! let processes = parse("order.bpmn", xml.as_bytes(), &XmlLimits::default());
//! assert_eq!(processes.unwrap()[0].elements().len(), 9);
//! # Ok::<(), notation::NotationError>(())
//! ```
//!
//! **Statements** are separated by `;` or by the end of a line that no arrow follows. A statement is
//! a chain of nodes, or says more about one node.
//!
//! | statement | means |
//! |---|---|
//! | `a -> b -> c` | flows from `a` to `b` and from `b` to `c` |
//! | `a -[total > 100]-> b` | a flow with the condition `=total > 100` |
//! | `a -[else]-> b` | the default flow of `a` |
//! | `a.in(x = =y)`, `a.out(x = =y)` | an input or output mapping: target, then source |
//! | `a.header(key = value)` | a header of the job |
//! | `a.retries(5)`, `a.retries(=n)` | the retries of the job |
//! | `a.name(Check the order)` | the label on the diagram |
//!
//! **Nodes** are written `id:kind` once and `id` wherever else they are meant. A node that is
//! nowhere given a kind may be called `start`, `end`, `xor`, `and`, `events`, `manual` or `task`,
//! and is one.
//!
//! | kind | element |
//! |---|---|
//! | `start`, `start(message order)`, `start(timer R/PT1H)` | start event |
//! | `end`, `end(error CODE)`, `end(terminate)` | end event |
//! | `service(type)`, `service(=type)` | service task |
//! | `script(result = a + 1)`, `script(job type)` | script task |
//! | `rule(result = decision)`, `rule(result = =id, deployment)`, `rule(result = decision, tag v1)`, `rule(job type)` | business rule task |
//! | `receive(paid, =orderId)` | receive task |
//! | `manual`, `task` | manual task, task without a type |
//! | `xor`, `and`, `events` | exclusive, parallel, event-based gateway |
//! | `catch(message paid, =orderId)`, `catch(timer PT5S)`, `timer(PT5S)` | intermediate catch event |
//! | `boundary(timer PT5S, on=work)` | boundary event; also `message paid, =orderId`, `error CODE` and `error`; with `noninterrupting` it lets its host go on |
//! | `sub{ a:start -> b:end }` | sub-process |
//!
//! A **timer** is a duration if it begins with `P` or `=`, a cycle if it begins with `R` or `@` or
//! has blanks in it, else a date; `date`, `duration` or `cycle` before it says so, as in
//! `timer(date =due)`. The `=` before a condition, a script and a correlation key may be left out.

mod build;
mod draft;
mod kinds;
mod scan;
mod write;

#[cfg(test)]
mod tests;

use alloc::string::String;

/// Why a text is not the notation of a process.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: expected {expected}, found {found}")]
#[non_exhaustive]
pub struct NotationError {
    /// The line, counted from 1.
    pub line: u32,
    /// The column in characters, counted from 1.
    pub column: u32,
    /// What would have been right there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

/// Turns a notation into the XML of an executable process.
///
/// # Errors
///
/// Says what was expected where. What BPMN refuses is not looked at: the reader of the XML says it.
pub fn to_xml(process_id: &str, notation: &str) -> Result<String, NotationError> {
    let draft = build::build(notation)?;
    Ok(write::write(process_id, &draft))
}
