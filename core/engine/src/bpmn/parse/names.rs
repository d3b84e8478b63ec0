//! The names of BPMN and of the Zeebe extensions, and what becomes of each.

use alloc::vec::Vec;

/// The namespace of BPMN 2.0.
pub(super) const BPMN: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";

/// The namespace of the Zeebe extensions.
pub(super) const ZEEBE: &str = "http://camunda.org/schema/zeebe/1.0";

/// Children of a process or sub-process that only document it.
pub(super) fn is_documentation_of_scope(tag: &str) -> bool {
    is_documentation(tag)
        || matches!(
            tag,
            "laneSet"
                | "textAnnotation"
                | "association"
                | "group"
                | "dataObject"
                | "dataObjectReference"
                | "dataStoreReference"
                | "correlationSubscription"
                | "supports"
                | "incoming"
                | "outgoing"
        )
}

/// Children of a flow node that only document it.
pub(super) fn is_documentation_of_node(tag: &str) -> bool {
    is_documentation(tag)
        || matches!(
            tag,
            "incoming"
                | "outgoing"
                | "categoryValueRef"
                | "dataInput"
                | "dataOutput"
                | "inputSet"
                | "outputSet"
                | "script"
        )
}

/// Whether BPMN knows an element of this name inside of a process.
pub(super) fn is_bpmn_element(tag: &str) -> bool {
    FLOW_ELEMENTS.contains(&tag) || tag.ends_with("EventDefinition")
}

/// Whether an extension would change what is executed, and is not supported.
pub(super) fn is_refused_extension(tag: &str) -> bool {
    REFUSED_EXTENSIONS.contains(&tag)
}

/// Whether an extension is read, at least on some elements.
pub(super) fn is_read_extension(tag: &str) -> bool {
    matches!(
        tag,
        "taskDefinition"
            | "ioMapping"
            | "subscription"
            | "script"
            | "calledDecision"
            | "versionTag"
    )
}

/// Finds the name that an author may have meant.
pub(super) fn suggestion(found: &str) -> Option<&'static str> {
    let near = FLOW_ELEMENTS.iter().map(|it| (distance(found, it), *it));
    let (distance, name) = near.min_by_key(|(distance, _)| *distance)?;
    (distance <= DISTANCE_MAX).then_some(name)
}

fn is_documentation(tag: &str) -> bool {
    matches!(
        tag,
        "documentation"
            | "extensionElements"
            | "auditing"
            | "monitoring"
            | "ioSpecification"
            | "property"
            | "dataInputAssociation"
            | "dataOutputAssociation"
            | "resourceRole"
            | "performer"
            | "humanPerformer"
            | "potentialOwner"
    )
}

/// Counts the letters to insert, drop or replace; a wrong case costs nothing.
fn distance(left: &str, right: &str) -> usize {
    if left.len() > NAME_BYTES_MAX {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, one) in left.bytes().enumerate() {
        let mut diagonal = above;
        let mut left_cost = above + 1;
        for (cost, other) in row.iter_mut().skip(1).zip(right.bytes()) {
            let replaced = diagonal + usize::from(!one.eq_ignore_ascii_case(&other));
            diagonal = *cost;
            left_cost = replaced.min(left_cost + 1).min(*cost + 1);
            *cost = left_cost;
        }
        if let Some(first) = row.first_mut() {
            *first = above + 1;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

const DISTANCE_MAX: usize = 3;
const NAME_BYTES_MAX: usize = 64;

const FLOW_ELEMENTS: &[&str] = &[
    "startEvent",
    "endEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "boundaryEvent",
    "event",
    "implicitThrowEvent",
    "task",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "userTask",
    "manualTask",
    "scriptTask",
    "businessRuleTask",
    "callActivity",
    "subProcess",
    "adHocSubProcess",
    "transaction",
    "exclusiveGateway",
    "inclusiveGateway",
    "parallelGateway",
    "eventBasedGateway",
    "complexGateway",
    "sequenceFlow",
    "callChoreography",
    "choreographyTask",
    "subChoreography",
    "multiInstanceLoopCharacteristics",
    "standardLoopCharacteristics",
    "completionCondition",
];

const REFUSED_EXTENSIONS: &[&str] = &[
    "executionListeners",
    "taskListeners",
    "userTask",
    "assignmentDefinition",
    "taskSchedule",
    "priorityDefinition",
    "jobPriorityDefinition",
    "formDefinition",
    "calledElement",
    "loopCharacteristics",
    "linkedResources",
    "adHoc",
    "conditionalFilter",
    "publishMessage",
    "agentDefinition",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_what_is_near_and_nothing_else() {
        for (found, expected) in [
            ("servicetask", Some("serviceTask")),
            ("serviceTaks", Some("serviceTask")),
            ("exclusveGateway", Some("exclusiveGateway")),
            ("", None),
            ("paralelGatway", Some("parallelGateway")),
            ("somethingElse", None),
        ] {
            assert_eq!(suggestion(found), expected, "{found}");
        }
        assert_eq!(suggestion(&"x".repeat(100_000)), None);
    }
}
