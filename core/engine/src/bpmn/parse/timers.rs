//! Timers: exactly one of date, duration and cycle.

use alloc::format;

use super::reader::{Node, Reader, blank, bpmn_children};
use crate::bpmn::check::timer_text;
use crate::bpmn::problem::ProblemCode;
use crate::bpmn::spec::TimerSpec;

/// Reads a `timerEventDefinition`.
pub(super) fn timer<'a>(reader: &mut Reader<'a, '_>, definition: Node<'a>) -> TimerSpec {
    let mut kinds = bpmn_children(definition).filter(|it| is_timer_kind(it.tag_name().name()));
    let (first, second) = (kinds.next(), kinds.next());
    if let Some(second) = second {
        let found = second.tag_name().name();
        let text =
            format!("expected one of timeDate, timeDuration and timeCycle, found also {found}");
        reader.problem(second, ProblemCode::TimerDefinitionNotUnique, text);
    }
    let Some(node) = first else {
        let text = "expected one of timeDate, timeDuration and timeCycle, found none";
        reader.problem(definition, ProblemCode::TimerDefinitionNotUnique, text);
        return unknown();
    };
    read(reader, node)
}

/// Returns what stands for a timer that cannot be read: one that never fires.
pub(super) fn unknown() -> TimerSpec {
    TimerSpec::Duration(blank())
}

fn read<'a>(reader: &mut Reader<'a, '_>, node: Node<'a>) -> TimerSpec {
    let Some(text) = reader.body(node) else { return unknown() };
    let value = reader.static_or_expression(&text);
    let spec = match node.tag_name().name() {
        "timeDate" => TimerSpec::Date(value),
        "timeCycle" => TimerSpec::Cycle(value),
        _ => TimerSpec::Duration(value),
    };
    if let Some(message) = timer_text::problem(&spec) {
        reader.text_problem(&text, ProblemCode::TimerInvalid, message);
    }
    spec
}

fn is_timer_kind(tag: &str) -> bool {
    matches!(tag, "timeDate" | "timeDuration" | "timeCycle")
}
