//! A process while it is read: references between elements are still names.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::reader::{Node, Reader, Text, bpmn_children};
use crate::bpmn::model::{Element, ElementIndex, ElementKind, ExecutableProcess, Flow};
use crate::bpmn::problem::ProblemCode;
use crate::feel::Expression;

/// A process while it is read.
#[derive(Default)]
pub(super) struct Draft<'a> {
    elements: Vec<Element>,
    nodes: Vec<Node<'a>>,
    ids: BTreeMap<&'a str, ElementIndex>,
    flows: Vec<FlowDraft<'a>>,
}

struct FlowDraft<'a> {
    id: &'a str,
    node: Node<'a>,
    scope: ElementIndex,
}

impl<'a> Draft<'a> {
    /// Adds an element that was read from `node`, and returns its index.
    pub(super) fn add(&mut self, node: Node<'a>, element: Element) -> ElementIndex {
        // A file has at most 2^32 bytes, so it cannot hold that many elements.
        let index = ElementIndex(u32::try_from(self.elements.len()).unwrap_or(u32::MAX));
        if let Some(id) = node.attribute("id") {
            self.ids.entry(id).or_insert(index);
        }
        self.elements.push(element);
        self.nodes.push(node);
        index
    }

    pub(super) fn add_flow(
        &mut self,
        reader: &mut Reader<'a, '_>,
        node: Node<'a>,
        scope: ElementIndex,
    ) {
        if let Some(id) = reader.id(node) {
            self.flows.push(FlowDraft { id, node, scope });
        }
    }

    /// Resolves all names and returns the process.
    pub(super) fn finish(
        mut self,
        reader: &mut Reader<'a, '_>,
        version_tag: Option<Arc<str>>,
    ) -> Option<ExecutableProcess> {
        self.attach_boundary_events(reader);
        let defaults = self.default_flows(reader);
        let flows = self.flows.iter().filter_map(|it| self.flow(reader, it, &defaults)).collect();
        ExecutableProcess::new(version_tag, self.elements, flows)
    }

    fn attach_boundary_events(&mut self, reader: &mut Reader<'a, '_>) {
        let mut hosts = Vec::new();
        for (element, node) in self.elements.iter().zip(&self.nodes) {
            let is_boundary = matches!(element.kind, ElementKind::BoundaryEvent { .. });
            hosts.push(if is_boundary { self.host(reader, element, *node) } else { None });
        }
        for (element, host) in self.elements.iter_mut().zip(hosts) {
            element.attached_to = host;
        }
    }

    fn host(
        &self,
        reader: &mut Reader<'a, '_>,
        event: &Element,
        node: Node<'a>,
    ) -> Option<ElementIndex> {
        let reference = reader.required(node, "attachedToRef")?;
        let host = self.resolve(reader, &reference)?;
        let element = self.element(host)?;
        if element.scope != event.scope || !is_activity(&element.kind) {
            let message =
                format!("expected an activity of the same scope, found '{}'", reference.value);
            reader.text_problem(&reference, ProblemCode::AttachmentInvalid, message);
            return None;
        }
        Some(host)
    }

    /// Returns the ids of all default flows, noting those that do not start at their gateway.
    fn default_flows(&self, reader: &mut Reader<'a, '_>) -> BTreeSet<&'a str> {
        let mut flows = BTreeMap::new();
        flows.extend(self.flows.iter().map(|it| (it.id, it.node)));
        let mut defaults = BTreeSet::new();
        for (element, node) in self.elements.iter().zip(&self.nodes) {
            let is_gateway = matches!(element.kind, ElementKind::ExclusiveGateway { .. });
            let default = reader.attribute(*node, "default").filter(|_| is_gateway);
            let Some(text) = default else { continue };
            let flow = flows.get_key_value(text.value.trim());
            let starts_here = |it: Node<'a>| it.attribute("sourceRef") == Some(&element.id);
            if let Some((id, _)) = flow.filter(|(_, it)| starts_here(**it)) {
                defaults.insert(*id);
            } else {
                let message = format!("expected a flow out of the gateway, found '{}'", text.value);
                reader.text_problem(&text, ProblemCode::DefaultFlowInvalid, message);
            }
        }
        defaults
    }

    fn flow(
        &self,
        reader: &mut Reader<'a, '_>,
        draft: &FlowDraft<'a>,
        defaults: &BTreeSet<&'a str>,
    ) -> Option<Flow> {
        let node = draft.node;
        let is_default = defaults.contains(draft.id);
        let condition = condition(reader, node).filter(|_| !is_default);
        let source = self.end_of_flow(reader, draft, "sourceRef");
        let target = self.end_of_flow(reader, draft, "targetRef");
        Some(Flow {
            id: draft.id.into(),
            name: node.attribute("name").filter(|it| !it.is_empty()).map(Into::into),
            source: source?,
            target: target?,
            condition,
            is_default,
            location: reader.location(node),
        })
    }

    fn end_of_flow(
        &self,
        reader: &mut Reader<'a, '_>,
        draft: &FlowDraft<'a>,
        attribute: &str,
    ) -> Option<ElementIndex> {
        let reference = reader.required(draft.node, attribute)?;
        let index = self.resolve(reader, &reference)?;
        if self.element(index)?.scope != Some(draft.scope) {
            let message =
                format!("expected an element of the same scope, found '{}'", reference.value);
            reader.text_problem(&reference, ProblemCode::FlowCrossesScope, message);
            return None;
        }
        Some(index)
    }

    fn resolve(&self, reader: &mut Reader<'a, '_>, reference: &Text<'a>) -> Option<ElementIndex> {
        let found = self.ids.get(reference.value.trim()).copied();
        if found.is_none() {
            let message = format!("expected the id of an element, found '{}'", reference.value);
            reader.text_problem(reference, ProblemCode::ReferenceUnknown, message);
        }
        found
    }

    fn element(&self, index: ElementIndex) -> Option<&Element> {
        self.elements.get(usize::try_from(index.0).ok()?)
    }
}

fn condition<'a>(reader: &mut Reader<'a, '_>, flow: Node<'a>) -> Option<Expression> {
    let node = bpmn_children(flow).find(|it| it.tag_name().name() == "conditionExpression")?;
    let text = reader.body(node)?;
    reader.expression(&text)
}

fn is_activity(kind: &ElementKind) -> bool {
    match kind {
        ElementKind::SubProcess(_)
        | ElementKind::ServiceTask(_)
        | ElementKind::ScriptTask(_)
        | ElementKind::BusinessRuleTask(_)
        | ElementKind::ManualTask
        | ElementKind::UndefinedTask
        | ElementKind::ReceiveTask(_) => true,
        ElementKind::Process(_)
        | ElementKind::StartEvent(_)
        | ElementKind::EndEvent(_)
        | ElementKind::ExclusiveGateway { .. }
        | ElementKind::ParallelGateway
        | ElementKind::EventBasedGateway
        | ElementKind::IntermediateCatchEvent(_)
        | ElementKind::BoundaryEvent { .. } => false,
    }
}
