//! Writes BPMN XML.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::draft::{Draft, Event, Flow, Kind, Message, Node, Pair};

/// Writes a process with the messages and errors it refers to.
pub(super) fn write(process_id: &str, draft: &Draft) -> String {
    let mut writer = Writer::new(draft);
    let names = [("xmlns:bpmn", BPMN), ("xmlns:zeebe", ZEEBE), ("xmlns:xsi", XSI)];
    let target = [("id", "definitions"), ("targetNamespace", "http://bpmn.io/schema/bpmn")];
    writer.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    writer.open("bpmn:definitions", &[&names[..], &target[..]].concat());
    writer.open("bpmn:process", &[("id", process_id), ("isExecutable", "true")]);
    writer.scope(draft, None);
    writer.close("bpmn:process");
    writer.messages_and_errors();
    writer.close("bpmn:definitions");
    writer.text
}

struct Writer {
    text: String,
    depth: usize,
    ids: BTreeSet<String>,
    /// The id of every flow, in the order of the draft.
    flow_ids: Vec<String>,
    messages: BTreeMap<Message, String>,
    errors: BTreeMap<String, String>,
}

/// The names and values of an element's attributes.
type Attributes<'a> = &'a [(&'a str, &'a str)];

impl Writer {
    fn new(draft: &Draft) -> Self {
        let mut writer = Self {
            text: String::new(),
            depth: 0,
            ids: draft.nodes.iter().map(|it| it.id.clone()).collect(),
            flow_ids: Vec::new(),
            messages: BTreeMap::new(),
            errors: BTreeMap::new(),
        };
        for flow in &draft.flows {
            let id = writer.unique(&format!("{}_to_{}", flow.source, flow.target));
            writer.flow_ids.push(id);
        }
        writer
    }

    /// Writes what stands in a sub-process or, without one, in the process.
    fn scope(&mut self, draft: &Draft, scope: Option<usize>) {
        for (place, node) in draft.nodes.iter().enumerate().filter(|(_, it)| it.scope == scope) {
            self.node(draft, place, node);
        }
        let flows = draft.flows.iter().zip(&self.flow_ids).filter(|(it, _)| it.scope == scope);
        for (flow, id) in flows.map(|(it, id)| (it, id.clone())).collect::<Vec<_>>() {
            self.flow(&id, flow);
        }
    }

    fn node(&mut self, draft: &Draft, place: usize, node: &Node) {
        let tag = tag(&node.kind);
        let message = match &node.kind {
            Kind::Receive(message) => Some(self.message_id(message)),
            _ => None,
        };
        let mut flows = draft.flows.iter().zip(&self.flow_ids);
        let default = flows.find(|(it, _)| it.is_default && it.source == node.id);
        let default = default.map(|(_, id)| id.clone());
        let mut attributes = Vec::from([("id", node.id.as_str())]);
        attributes.extend(node.name.as_deref().map(|it| ("name", it)));
        attributes.extend(message.as_deref().map(|it| ("messageRef", it)));
        attributes.extend(default.as_deref().map(|it| ("default", it)));
        if let Kind::Boundary { on, interrupting, .. } = &node.kind {
            attributes.push(("attachedToRef", on));
            attributes.push(("cancelActivity", if *interrupting { "true" } else { "false" }));
        }
        self.open(tag, &attributes);
        self.extensions(node);
        match &node.kind {
            Kind::SubProcess => self.scope(draft, Some(place)),
            Kind::Start(Some(event)) | Kind::End(Some(event)) => self.event(event),
            Kind::Catch(event) | Kind::Boundary { event, .. } => self.event(event),
            _ => {}
        }
        self.close(tag);
    }

    fn extensions(&mut self, node: &Node) {
        let has_mappings = !(node.inputs.is_empty() && node.outputs.is_empty());
        if !has_mappings && !has_work(&node.kind) {
            return;
        }
        self.open("bpmn:extensionElements", &[]);
        match &node.kind {
            Kind::Service(job_type) | Kind::ScriptJob(job_type) | Kind::RuleJob(job_type) => {
                let retries = node.retries.as_deref().map(|it| ("retries", it));
                let attributes: Vec<_> =
                    [("type", job_type.as_str())].into_iter().chain(retries).collect();
                self.empty("zeebe:taskDefinition", &attributes);
            }
            Kind::Script { result, expression } => {
                let attributes = [("expression", expression.as_str()), ("resultVariable", result)];
                self.empty("zeebe:script", &attributes);
            }
            Kind::Rule { result, decision, binding } => {
                let mut attributes =
                    Vec::from([("decisionId", decision.as_str()), ("resultVariable", result)]);
                if let Some((binding, tag)) = binding {
                    attributes.push(("bindingType", binding));
                    attributes.extend((!tag.is_empty()).then_some(("versionTag", tag.as_str())));
                }
                self.empty("zeebe:calledDecision", &attributes);
            }
            _ => {}
        }
        self.headers(&node.headers);
        if has_mappings {
            self.open("zeebe:ioMapping", &[]);
            self.mappings("zeebe:input", &node.inputs);
            self.mappings("zeebe:output", &node.outputs);
            self.close("zeebe:ioMapping");
        }
        self.close("bpmn:extensionElements");
    }

    fn headers(&mut self, headers: &[Pair]) {
        if headers.is_empty() {
            return;
        }
        self.open("zeebe:taskHeaders", &[]);
        for Pair { left, right } in headers {
            self.empty("zeebe:header", &[("key", left), ("value", right)]);
        }
        self.close("zeebe:taskHeaders");
    }

    fn mappings(&mut self, tag: &str, mappings: &[Pair]) {
        for Pair { left, right } in mappings {
            self.empty(tag, &[("source", right), ("target", left)]);
        }
    }

    fn event(&mut self, event: &Event) {
        match event {
            Event::Message(message) => {
                let id = self.message_id(message);
                self.empty("bpmn:messageEventDefinition", &[("messageRef", &id)]);
            }
            Event::Timer { tag, text } => {
                self.open("bpmn:timerEventDefinition", &[]);
                self.formal_expression(&format!("bpmn:{tag}"), text);
                self.close("bpmn:timerEventDefinition");
            }
            Event::Error(None) => self.empty("bpmn:errorEventDefinition", &[]),
            Event::Error(Some(code)) => {
                let id = self.error_id(code);
                self.empty("bpmn:errorEventDefinition", &[("errorRef", &id)]);
            }
            Event::Terminate => self.empty("bpmn:terminateEventDefinition", &[]),
        }
    }

    fn flow(&mut self, id: &str, flow: &Flow) {
        let ends = [("id", id), ("sourceRef", &flow.source), ("targetRef", &flow.target)];
        match &flow.condition {
            None => self.empty("bpmn:sequenceFlow", &ends),
            Some(condition) => {
                self.open("bpmn:sequenceFlow", &ends);
                self.formal_expression("bpmn:conditionExpression", condition);
                self.close("bpmn:sequenceFlow");
            }
        }
    }

    fn messages_and_errors(&mut self) {
        for (message, id) in core::mem::take(&mut self.messages) {
            let attributes = [("id", id.as_str()), ("name", &message.name)];
            let Some(key) = &message.key else {
                self.empty("bpmn:message", &attributes);
                continue;
            };
            self.open("bpmn:message", &attributes);
            self.open("bpmn:extensionElements", &[]);
            self.empty("zeebe:subscription", &[("correlationKey", key)]);
            self.close("bpmn:extensionElements");
            self.close("bpmn:message");
        }
        for (code, id) in core::mem::take(&mut self.errors) {
            self.empty("bpmn:error", &[("id", &id), ("errorCode", &code)]);
        }
    }

    fn message_id(&mut self, message: &Message) -> String {
        if let Some(id) = self.messages.get(message) {
            return id.clone();
        }
        let id = self.unique("message");
        self.messages.insert(message.clone(), id.clone());
        id
    }

    fn error_id(&mut self, code: &str) -> String {
        if let Some(id) = self.errors.get(code) {
            return id.clone();
        }
        let id = self.unique("error");
        self.errors.insert(code.to_string(), id.clone());
        id
    }

    /// Returns an id that no other element has, and takes it.
    fn unique(&mut self, wanted: &str) -> String {
        let mut id = wanted.to_string();
        let mut count = 1u64;
        while !self.ids.insert(id.clone()) {
            count += 1;
            id = format!("{wanted}_{count}");
        }
        id
    }

    fn open(&mut self, tag: &str, attributes: Attributes<'_>) {
        self.start(tag, attributes);
        self.text.push_str(">\n");
        self.depth += 1;
    }

    fn close(&mut self, tag: &str) {
        self.depth -= 1;
        self.indent();
        self.text.push_str(&format!("</{tag}>\n"));
    }

    fn empty(&mut self, tag: &str, attributes: Attributes<'_>) {
        self.start(tag, attributes);
        self.text.push_str(" />\n");
    }

    fn formal_expression(&mut self, tag: &str, text: &str) {
        self.start(tag, &[("xsi:type", "bpmn:tFormalExpression")]);
        self.text.push_str(&format!(">{}</{tag}>\n", escape(text)));
    }

    fn start(&mut self, tag: &str, attributes: Attributes<'_>) {
        self.indent();
        self.text.push_str(&format!("<{tag}"));
        for (name, value) in attributes {
            self.text.push_str(&format!(" {name}=\"{}\"", escape(value)));
        }
    }

    fn indent(&mut self) {
        self.text.push_str(&"  ".repeat(self.depth));
    }
}

/// Tells whether an extension says what a node does.
fn has_work(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Service(_)
            | Kind::ScriptJob(_)
            | Kind::Script { .. }
            | Kind::Rule { .. }
            | Kind::RuleJob(_)
    )
}

fn tag(kind: &Kind) -> &'static str {
    match kind {
        Kind::Start(_) => "bpmn:startEvent",
        Kind::End(_) => "bpmn:endEvent",
        Kind::Service(_) => "bpmn:serviceTask",
        Kind::Script { .. } | Kind::ScriptJob(_) => "bpmn:scriptTask",
        Kind::Rule { .. } | Kind::RuleJob(_) => "bpmn:businessRuleTask",
        Kind::Receive(_) => "bpmn:receiveTask",
        Kind::Manual => "bpmn:manualTask",
        Kind::Task => "bpmn:task",
        Kind::Exclusive => "bpmn:exclusiveGateway",
        Kind::Parallel => "bpmn:parallelGateway",
        Kind::EventBased => "bpmn:eventBasedGateway",
        Kind::Catch(_) => "bpmn:intermediateCatchEvent",
        Kind::Boundary { .. } => "bpmn:boundaryEvent",
        Kind::SubProcess => "bpmn:subProcess",
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' => escaped.push_str("&#9;"),
            other => escaped.push(other),
        }
    }
    escaped
}

const BPMN: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const ZEEBE: &str = "http://camunda.org/schema/zeebe/1.0";
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
