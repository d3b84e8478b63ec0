//! What of BPMN can be deployed: every element and every variant of it is tried, none is believed.

use dacapo_engine::bpmn::{ProblemCode, XmlLimits, parse};
use dacapo_engine::process::ElementType;

/// One element of BPMN.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// In which group it stands.
    pub group: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// What the engine has for it; none if it has nothing.
    pub element_type: Option<ElementType>,
    /// How it is written: its tag with attributes, and what stands inside.
    written: (&'static str, &'static str),
    /// Its event definitions, `none` for none; an element without variants has none at all.
    variants: &'static [&'static str],
}

/// Which variants of an element can be deployed; an element without variants is its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Support {
    /// Those that can.
    pub supported: Vec<&'static str>,
    /// Those that are refused by name.
    pub refused: Vec<&'static str>,
}

impl Entry {
    /// Tries every variant.
    ///
    /// # Panics
    /// A variant is written so that it is no BPMN.
    pub fn support(&self) -> Support {
        let mut support = Support::default();
        let bare = [self.name];
        for variant in if self.variants.is_empty() { &bare } else { self.variants } {
            let is_refused = is_refused(&self.element(variant));
            let list = if is_refused { &mut support.refused } else { &mut support.supported };
            list.push(*variant);
        }
        support
    }

    fn element(&self, variant: &str) -> String {
        let (head, inside) = self.written;
        let tag = head.split(' ').next().unwrap_or(head);
        let definition = match variant {
            _ if self.variants.is_empty() => String::new(),
            "none" => String::new(),
            "compensation" => "<bpmn:compensateEventDefinition/>".into(),
            other => format!("<bpmn:{other}EventDefinition/>"),
        };
        format!("<bpmn:{head} id=\"x\">{inside}{definition}</bpmn:{tag}>")
    }
}

/// Tells whether an element is refused because it is not supported; other things may well be wrong with it.
fn is_refused(element: &str) -> bool {
    let file = format!(
        "<bpmn:definitions xmlns:bpmn=\"http://www.omg.org/spec/BPMN/20100524/MODEL\">\
         <bpmn:process id=\"p\" isExecutable=\"true\"><bpmn:startEvent id=\"s\"/>{element}</bpmn:process>\
         </bpmn:definitions>"
    );
    let parsed = parse("x.bpmn", file.as_bytes(), &XmlLimits::default());
    let codes: Vec<_> = parsed.err().unwrap_or_default().iter().map(|it| it.code).collect();
    let has = |wanted: &[ProblemCode]| codes.iter().any(|it| wanted.contains(it));
    let is_bpmn = !has(&[ProblemCode::ElementUnknown, ProblemCode::MalformedXml]);
    assert!(is_bpmn, "{element}: {codes:?}");
    has(&[ProblemCode::ElementNotSupported, ProblemCode::AttributeNotSupported])
}

/// All that BPMN can execute, in reading order.
pub const ALL: &[Entry] = &[
    scope("process", Some(ElementType::Process), "subProcess"),
    scope("embedded sub-process", Some(ElementType::SubProcess), "subProcess"),
    scope("event sub-process", None, "subProcess triggeredByEvent=\"true\""),
    scope("ad-hoc sub-process", None, "adHocSubProcess"),
    scope("transaction", None, "transaction"),
    scope("call activity", None, "callActivity"),
    event(
        "start event",
        Some(ElementType::StartEvent),
        "startEvent",
        &["none", "message", "timer", "signal", "conditional"],
    ),
    event(
        "intermediate catch event",
        Some(ElementType::IntermediateCatchEvent),
        "intermediateCatchEvent",
        &["message", "timer", "signal", "conditional", "link"],
    ),
    event(
        "interrupting boundary event",
        Some(ElementType::BoundaryEvent),
        "boundaryEvent attachedToRef=\"t\"",
        &[
            "message",
            "timer",
            "error",
            "escalation",
            "signal",
            "conditional",
            "compensation",
            "cancel",
        ],
    ),
    event(
        "non-interrupting boundary event",
        Some(ElementType::BoundaryEvent),
        "boundaryEvent attachedToRef=\"t\" cancelActivity=\"false\"",
        &["message", "timer", "escalation", "signal", "conditional"],
    ),
    event(
        "intermediate throw event",
        None,
        "intermediateThrowEvent",
        &["none", "message", "escalation", "signal", "compensation", "link"],
    ),
    event(
        "end event",
        Some(ElementType::EndEvent),
        "endEvent",
        &[
            "none",
            "terminate",
            "error",
            "message",
            "escalation",
            "signal",
            "compensation",
            "cancel",
        ],
    ),
    task("service task", Some(ElementType::ServiceTask), "serviceTask"),
    task("script task", Some(ElementType::ScriptTask), "scriptTask"),
    task("business rule task", Some(ElementType::BusinessRuleTask), "businessRuleTask"),
    task("receive task", Some(ElementType::ReceiveTask), "receiveTask"),
    task("manual task", Some(ElementType::ManualTask), "manualTask"),
    task("undefined task", Some(ElementType::UndefinedTask), "task"),
    task("user task", None, "userTask"),
    task("send task", None, "sendTask"),
    marker("multi-instance", "serviceTask", "<bpmn:multiInstanceLoopCharacteristics/>"),
    marker("standard loop", "serviceTask", "<bpmn:standardLoopCharacteristics/>"),
    marker("compensation handler", "serviceTask isForCompensation=\"true\"", ""),
    gateway("exclusive gateway", Some(ElementType::ExclusiveGateway), "exclusiveGateway"),
    gateway("parallel gateway", Some(ElementType::ParallelGateway), "parallelGateway"),
    gateway("event-based gateway", Some(ElementType::EventBasedGateway), "eventBasedGateway"),
    gateway("inclusive gateway", None, "inclusiveGateway"),
    gateway("complex gateway", None, "complexGateway"),
];

const fn scope(
    name: &'static str,
    element_type: Option<ElementType>,
    written: &'static str,
) -> Entry {
    Entry { group: "scopes", name, element_type, written: (written, ""), variants: &[] }
}

const fn event(
    name: &'static str,
    element_type: Option<ElementType>,
    written: &'static str,
    variants: &'static [&'static str],
) -> Entry {
    Entry { group: "events", name, element_type, written: (written, ""), variants }
}

const fn task(
    name: &'static str,
    element_type: Option<ElementType>,
    written: &'static str,
) -> Entry {
    Entry { group: "tasks", name, element_type, written: (written, ""), variants: &[] }
}

const fn marker(name: &'static str, written: &'static str, inside: &'static str) -> Entry {
    Entry { group: "tasks", name, element_type: None, written: (written, inside), variants: &[] }
}

const fn gateway(
    name: &'static str,
    element_type: Option<ElementType>,
    written: &'static str,
) -> Entry {
    Entry { group: "gateways", name, element_type, written: (written, ""), variants: &[] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_engine_has_something_for_can_be_deployed_and_nothing_else() {
        for entry in ALL {
            let is_supported = !entry.support().supported.is_empty();
            assert_eq!(is_supported, entry.element_type.is_some(), "{}", entry.name);
        }
        for element_type in ElementType::ALL {
            let is_there = ALL.iter().any(|it| it.element_type == Some(*element_type));
            assert!(is_there, "{element_type}");
        }
    }
}
