//! The executable model: one process as a graph of elements and flows.
//!
//! Elements and flows stand in document order and are named by index, so that a token is two small
//! numbers. Element 0 is the process itself, the root scope. Everything that BPMN calls
//! documentation is gone. A model is built once by [`ExecutableProcess::new`] and never changes.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::spec::{
    BoundaryTrigger, BusinessRuleSpec, CatchTrigger, EndKind, JobSpec, Mapping, MessageSpec,
    ScriptSpec, StartTrigger,
};
use crate::feel::Expression;
use crate::xml::Location;

/// An element of one process, by its place in [`ExecutableProcess::elements`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementIndex(pub u32);

/// A sequence flow of one process, by its place in [`ExecutableProcess::flows`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowIndex(pub u32);

/// A process that can be run.
#[derive(Clone, Debug)]
pub struct ExecutableProcess {
    process_id: Arc<str>,
    name: Option<Arc<str>>,
    version_tag: Option<Arc<str>>,
    elements: Vec<Element>,
    flows: Vec<Flow>,
    by_id: BTreeMap<Arc<str>, ElementIndex>,
    flow_by_id: BTreeMap<Arc<str>, FlowIndex>,
}

/// A flow node, or the process itself.
#[derive(Clone, Debug)]
pub struct Element {
    /// The id given by the author, unique within the process.
    pub id: Arc<str>,
    /// The label on the diagram.
    pub name: Option<Arc<str>>,
    /// What it does.
    pub kind: ElementKind,
    /// The sub-process or process it stands in; none only for the process itself.
    pub scope: Option<ElementIndex>,
    /// The flows that end here, in document order.
    pub incoming: Vec<FlowIndex>,
    /// The flows that start here, in document order.
    pub outgoing: Vec<FlowIndex>,
    /// The boundary events attached to it, in document order.
    pub boundary: Vec<ElementIndex>,
    /// The activity this boundary event is attached to; none for all other elements.
    pub attached_to: Option<ElementIndex>,
    /// What is copied into its own scope before it starts; a later one sees the earlier ones.
    pub inputs: Vec<Mapping>,
    /// What is copied into its parent scope when it completes; a later one sees the earlier ones.
    pub outputs: Vec<Mapping>,
    /// Where it stands in the resource.
    pub location: Location,
}

/// What an element does, with all that it needs to do it.
#[derive(Clone, Debug)]
pub enum ElementKind {
    /// The process itself: always element 0.
    Process(Scope),
    /// An embedded sub-process.
    SubProcess(Scope),
    /// Where a scope begins.
    StartEvent(StartTrigger),
    /// Where a path ends.
    EndEvent(EndKind),
    /// Work for a job worker.
    ServiceTask(JobSpec),
    /// A script, evaluated here or left to a job worker.
    ScriptTask(ScriptSpec),
    /// A decision, evaluated here or left to a job worker.
    BusinessRuleTask(BusinessRuleSpec),
    /// Work outside of any system: passed through.
    ManualTask,
    /// A task without a type: passed through.
    UndefinedTask,
    /// Waits for a message.
    ReceiveTask(MessageSpec),
    /// Leaves by exactly one flow.
    ExclusiveGateway {
        /// The flow taken when no condition holds.
        default: Option<FlowIndex>,
    },
    /// Waits for every incoming flow, leaves by every outgoing one.
    ParallelGateway,
    /// Waits for the first of the catch events behind it.
    EventBasedGateway,
    /// Waits for an event.
    IntermediateCatchEvent(CatchTrigger),
    /// Waits for an event while the activity it is attached to is active.
    BoundaryEvent {
        /// Whether it terminates the activity it is attached to.
        interrupting: bool,
        /// What it waits for.
        trigger: BoundaryTrigger,
    },
}

/// What stands in a process or sub-process, all in document order.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The start event that waits for nothing.
    pub none_start: Option<ElementIndex>,
    /// All start events, with or without a trigger.
    pub starts: Vec<ElementIndex>,
    /// All elements directly in it, start events included.
    pub children: Vec<ElementIndex>,
}

/// A sequence flow.
#[derive(Clone, Debug)]
pub struct Flow {
    /// The id given by the author, unique within the process.
    pub id: Arc<str>,
    /// The label on the diagram.
    pub name: Option<Arc<str>>,
    /// Where it starts.
    pub source: ElementIndex,
    /// Where it ends.
    pub target: ElementIndex,
    /// When it is taken.
    pub condition: Option<Expression>,
    /// Whether it is the default flow of its source.
    pub is_default: bool,
    /// Where it stands in the resource.
    pub location: Location,
}

impl ExecutableProcess {
    /// Builds a process of elements, of which the first is the process itself, and flows.
    ///
    /// Fills in all that follows from `scope`, `attached_to`, `source`, `target` and `is_default`:
    /// incoming and outgoing flows, boundary events, the contents of scopes, default flows.
    pub fn new(
        version_tag: Option<Arc<str>>,
        mut elements: Vec<Element>,
        flows: Vec<Flow>,
    ) -> Option<Self> {
        let root = elements.first()?;
        let (process_id, name) = (root.id.clone(), root.name.clone());
        for at in 0..elements.len() {
            link_element(&mut elements, at);
        }
        for (at, flow) in flows.iter().enumerate() {
            link_flow(&mut elements, FlowIndex(u32::try_from(at).ok()?), flow);
        }
        let by_id = elements.iter().zip(0..).map(|(it, at)| (it.id.clone(), ElementIndex(at)));
        let flow_by_id = flows.iter().zip(0..).map(|(it, at)| (it.id.clone(), FlowIndex(at)));
        let (by_id, flow_by_id) = (by_id.collect(), flow_by_id.collect());
        Some(Self { process_id, name, version_tag, elements, flows, by_id, flow_by_id })
    }

    /// Returns the id of the process.
    pub fn process_id(&self) -> &Arc<str> {
        &self.process_id
    }

    /// Returns the name of the process.
    pub fn name(&self) -> Option<&Arc<str>> {
        self.name.as_ref()
    }

    /// Returns the tag that this version can be referred to by.
    pub fn version_tag(&self) -> Option<&Arc<str>> {
        self.version_tag.as_ref()
    }

    /// Returns the index of the process itself, the root scope.
    pub fn root(&self) -> ElementIndex {
        ElementIndex(0)
    }

    /// Returns all elements in document order, the process itself first.
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// Returns all flows in document order.
    pub fn flows(&self) -> &[Flow] {
        &self.flows
    }

    /// Returns an element.
    pub fn element(&self, index: ElementIndex) -> Option<&Element> {
        self.elements.get(usize::try_from(index.0).ok()?)
    }

    /// Returns a flow.
    pub fn flow(&self, index: FlowIndex) -> Option<&Flow> {
        self.flows.get(usize::try_from(index.0).ok()?)
    }

    /// Finds an element by the id its author gave it.
    pub fn find(&self, id: &str) -> Option<(ElementIndex, &Element)> {
        let index = *self.by_id.get(id)?;
        Some((index, self.element(index)?))
    }

    /// Finds a flow by the id its author gave it.
    pub fn find_flow(&self, id: &str) -> Option<(FlowIndex, &Flow)> {
        let index = *self.flow_by_id.get(id)?;
        Some((index, self.flow(index)?))
    }

    /// Returns what stands in a process or sub-process, and nothing for any other element.
    pub fn scope(&self, index: ElementIndex) -> Option<&Scope> {
        self.element(index)?.kind.scope()
    }
}

impl ElementKind {
    /// Returns the name that the Camunda 8 API gives to elements of this kind.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Process(_) => "PROCESS",
            Self::SubProcess(_) => "SUB_PROCESS",
            Self::StartEvent(_) => "START_EVENT",
            Self::EndEvent(_) => "END_EVENT",
            Self::ServiceTask(_) => "SERVICE_TASK",
            Self::ScriptTask(_) => "SCRIPT_TASK",
            Self::BusinessRuleTask(_) => "BUSINESS_RULE_TASK",
            Self::ManualTask => "MANUAL_TASK",
            Self::UndefinedTask => "TASK",
            Self::ReceiveTask(_) => "RECEIVE_TASK",
            Self::ExclusiveGateway { .. } => "EXCLUSIVE_GATEWAY",
            Self::ParallelGateway => "PARALLEL_GATEWAY",
            Self::EventBasedGateway => "EVENT_BASED_GATEWAY",
            Self::IntermediateCatchEvent(_) => "INTERMEDIATE_CATCH_EVENT",
            Self::BoundaryEvent { .. } => "BOUNDARY_EVENT",
        }
    }

    /// Returns what stands in it, if it is a process or sub-process.
    pub fn scope(&self) -> Option<&Scope> {
        match self {
            Self::Process(scope) | Self::SubProcess(scope) => Some(scope),
            Self::StartEvent(_)
            | Self::EndEvent(_)
            | Self::ServiceTask(_)
            | Self::ScriptTask(_)
            | Self::BusinessRuleTask(_)
            | Self::ManualTask
            | Self::UndefinedTask
            | Self::ReceiveTask(_)
            | Self::ExclusiveGateway { .. }
            | Self::ParallelGateway
            | Self::EventBasedGateway
            | Self::IntermediateCatchEvent(_)
            | Self::BoundaryEvent { .. } => None,
        }
    }
}

/// Enters an element into the scope it stands in and the activity it is attached to.
fn link_element(elements: &mut [Element], at: usize) {
    let Some(it) = elements.get(at) else { return };
    let (scope, attached_to) = (it.scope, it.attached_to);
    let is_start = matches!(it.kind, ElementKind::StartEvent(_));
    let is_none_start = matches!(it.kind, ElementKind::StartEvent(StartTrigger::None));
    let Ok(index) = u32::try_from(at).map(ElementIndex) else { return };
    if let Some(host) = attached_to.and_then(|host| get_mut(elements, host)) {
        host.boundary.push(index);
    }
    let Some(parent) = scope.and_then(|scope| get_mut(elements, scope)) else { return };
    let (ElementKind::Process(scope) | ElementKind::SubProcess(scope)) = &mut parent.kind else {
        return;
    };
    scope.children.push(index);
    if is_start {
        scope.starts.push(index);
    }
    if is_none_start && scope.none_start.is_none() {
        scope.none_start = Some(index);
    }
}

/// Enters a flow into the elements at its two ends.
fn link_flow(elements: &mut [Element], index: FlowIndex, flow: &Flow) {
    if let Some(source) = get_mut(elements, flow.source) {
        source.outgoing.push(index);
        if let ElementKind::ExclusiveGateway { default } = &mut source.kind
            && flow.is_default
        {
            *default = Some(index);
        }
    }
    if let Some(target) = get_mut(elements, flow.target) {
        target.incoming.push(index);
    }
}

fn get_mut(elements: &mut [Element], index: ElementIndex) -> Option<&mut Element> {
    elements.get_mut(usize::try_from(index.0).ok()?)
}
