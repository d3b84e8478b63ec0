//! What an element may do: say how far it is, wait for something, leave by a flow.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::events::{
    ElementActivated, ElementActivating, ElementCompleted, ElementInterrupted, FlowTaken,
    InstanceCompleted, JobCreated,
};
use super::expressions::{self, Asked, Sight};
use super::lifecycle;
use super::state::{ElementRow, State};
use super::waits::{self, Wait};
use super::{ElementType, Incident, IncidentKind, Process, Task, decisions, variables, view};
use crate::bpmn::{
    BoundaryTrigger, CalledDecision, CatchTrigger, Element, ElementIndex, ElementKind,
    ExecutableProcess, Flow, FlowIndex, JobSpec, MessageSpec, TimerSpec,
};
use crate::feel::{Context, Value};
use crate::kernel::Cx;
use crate::record::Key;

/// The context of one hook of one element instance.
pub struct ElementCx<'a, 'b> {
    pub(super) cx: &'a mut Cx<'b, Process>,
    pub(super) key: Key,
    pub(super) row: ElementRow,
    pub(super) model: Arc<ExecutableProcess>,
    pub(super) index: ElementIndex,
    /// What boundary events wait for, evaluated and not yet open.
    pub(super) boundaries: Vec<(ElementIndex, Wait)>,
    pub(super) is_completing: bool,
}

/// What happened to an element that waits.
#[derive(Clone, Copy, Debug)]
pub struct Trigger<'a> {
    /// The event that happened: the element itself, or one behind an event-based gateway.
    pub event: ElementIndex,
    /// What it carries.
    pub variables: &'a Context,
}

/// A job that can be created: its expressions have values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    job_type: Arc<str>,
    retries: i32,
}

impl ElementCx<'_, '_> {
    /// Returns the tables.
    pub fn state(&self) -> &State {
        self.cx.state()
    }

    /// Returns the compiled process.
    pub fn model(&self) -> Arc<ExecutableProcess> {
        self.model.clone()
    }

    /// Says that the element is at work: what waits at its boundary begins to wait with it.
    pub fn activated(&mut self) {
        for (event, wait) in core::mem::take(&mut self.boundaries) {
            self.open(event, wait);
        }
        self.cx.emit(self.key, ElementActivated { process_instance_key: self.row.instance });
    }

    /// Says that the element has nothing to wait for: it is at work and leaves at once.
    pub fn pass(&mut self) {
        self.boundaries.clear();
        self.activated();
        self.complete();
    }

    /// Says that the element did its work: its `complete` hook is next.
    pub fn complete(&mut self) {
        self.is_completing = true;
    }

    /// Says that the element has left: nothing waits for it any more, and its instance is gone.
    pub fn completed(&mut self) {
        waits::drop_all(self.cx, self.key, self.row.instance);
        match self.row.scope {
            Some(_) => {
                let process_instance_key = self.row.instance;
                self.cx.emit(self.key, ElementCompleted { process_instance_key });
            }
            None => {
                let begun = lifecycle::begun_by(self.cx, self.key);
                self.cx.emit(self.key, InstanceCompleted {});
                lifecycle::start_next(self.cx, self.key, begun);
            }
        }
    }

    /// Evaluates the output mappings; without any, what the event of a triggered element carried goes to the scope around.
    pub fn map_outputs(&mut self, element: &Element) -> Result<(), Incident> {
        if element.outputs.is_empty() {
            self.pass_on_payload(&element.kind);
            return Ok(());
        }
        variables::map_outputs(self.cx, self.key, &self.row, element)
    }

    /// Leaves by every outgoing flow.
    pub fn take_all(&mut self, element: &Element) {
        for flow in &element.outgoing {
            self.take(*flow);
        }
    }

    /// Leaves by a flow.
    pub fn take(&mut self, flow: FlowIndex) {
        let model = self.model.clone();
        let Some((scope, flow)) = self.row.scope.zip(model.flow(flow)) else { return };
        let Some(target) = model.element(flow.target) else { return };
        self.emit_taken(scope, flow, target);
        let task = Task::Enter { scope_key: scope, element_id: target.id.clone(), tokens: 1 };
        lifecycle::schedule(self.cx, self.row.instance, task);
    }

    /// Leaves by a flow to an event that has happened already, with what it carries.
    pub fn take_to_triggered(&mut self, flow: FlowIndex, variables: &Context) {
        let model = self.model.clone();
        let Some((scope, flow)) = self.row.scope.zip(model.flow(flow)) else { return };
        let Some(target) = model.element(flow.target) else { return };
        self.emit_taken(scope, flow, target);
        lifecycle::enter_triggered(self.cx, self.row.instance, scope, target, 1, None, variables);
    }

    /// Takes what an event or a worker brought: into its own scope if it is mapped from there, else where names are found.
    pub fn receive(&mut self, element: &Element, variables: &Context) {
        if element.outputs.is_empty() {
            variables::propagate(self.cx, self.row.instance, self.key, variables);
        } else {
            variables::set_local(self.cx, self.row.instance, self.key, variables);
        }
    }

    /// Enters an element inside this scope.
    pub fn enter(&mut self, child: ElementIndex) {
        let Some(child) = self.model.element(child) else { return };
        let element_id = child.id.clone();
        let task = Task::Enter { scope_key: self.key, element_id, tokens: 0 };
        lifecycle::schedule(self.cx, self.row.instance, task);
    }

    /// Ends everything else that is active in the scope around this element.
    pub fn interrupt_scope(&mut self) {
        let Some(scope) = self.row.scope else { return };
        let is_busy =
            self.state().elements.get(&scope).is_some_and(|it| it.children > 0 || it.tokens > 0);
        if is_busy {
            let process_instance_key = self.row.instance;
            self.cx.emit(scope, ElementInterrupted { process_instance_key });
            let task = Task::TerminateChildren { scope_key: scope, after_key: Key(0) };
            lifecycle::schedule(self.cx, self.row.instance, task);
        }
    }

    /// Evaluates the type and retries of a job.
    pub fn job(&mut self, element: &Element, spec: &JobSpec) -> Result<Job, Incident> {
        let asked = Asked { what: "the job type", ..self.asked(element) };
        let job_type = expressions::text(self.cx, Some(self.key), asked, &spec.job_type)?;
        let asked = Asked { what: "the number of retries", ..asked };
        let retries = expressions::retries(self.cx, self.key, asked, &spec.retries)?;
        Ok(Job { job_type, retries })
    }

    /// Creates a job for a worker.
    pub fn create_job(&mut self, job: Job) {
        let event = JobCreated {
            job_type: job.job_type,
            retries: job.retries,
            element_instance_key: self.key,
            process_instance_key: self.row.instance,
        };
        self.cx.emit(self.cx.next_key(), event);
    }

    /// Evaluates the name and correlation key of a message to wait for.
    pub fn message(&mut self, event: &Element, spec: &MessageSpec) -> Result<Wait, Incident> {
        waits::message(self.cx, self.key, self.asked(event), spec)
    }

    /// Evaluates when a timer is due.
    pub fn timer(&mut self, event: &Element, spec: &TimerSpec) -> Result<Wait, Incident> {
        waits::timer(self.cx, self.key, self.asked(event), spec)
    }

    /// Evaluates what an intermediate event waits for.
    pub fn catch(&mut self, event: &Element, trigger: &CatchTrigger) -> Result<Wait, Incident> {
        match trigger {
            CatchTrigger::Message(spec) => self.message(event, spec),
            CatchTrigger::Timer(spec) => self.timer(event, spec),
        }
    }

    /// Begins to wait for what was evaluated.
    pub fn open(&mut self, event: ElementIndex, wait: Wait) {
        let model = self.model.clone();
        if let Some(event) = model.element(event) {
            waits::open(self.cx, self.key, self.row.instance, event, wait);
        }
    }

    /// Returns the place of this element in the compiled process.
    pub fn index(&self) -> ElementIndex {
        self.index
    }

    /// Evaluates an expression, for a variable to hold its value.
    pub fn evaluate(
        &mut self,
        asked: Asked<'_>,
        expression: &crate::feel::Expression,
    ) -> Result<Value, Incident> {
        expressions::any(self.cx, Sight::within(self.key), asked, expression)
    }

    /// Evaluates a decision with the variables in scope.
    pub fn decide(
        &mut self,
        element: &Element,
        called: &CalledDecision,
    ) -> Result<Value, Incident> {
        let asked = Asked { what: "the decision id", ..self.asked(element) };
        let id = self.text(asked, &called.decision_id)?;
        let definition = self.state().instances.get(&self.row.instance).map(|it| it.definition);
        let deployment = definition.and_then(|it| self.state().definitions.get(&it));
        let deployment = deployment.map(|it| it.deployment).unwrap_or_default();
        let Some(decision) = decisions::find(self.cx, &id, &called.binding, deployment) else {
            let version = decisions::version(&called.binding);
            let text = alloc::format!("expected decision '{id}'{version}, found none");
            return Err(Incident::new(IncidentKind::CalledDecision, text));
        };
        let given = view::variables(&self.cx.view(), self.key, None);
        let place = Some((self.key, self.row.instance));
        let value = decisions::evaluate(self.cx, decision, &given, place);
        value.map_err(|it| Incident::new(IncidentKind::DecisionEvaluation, it))
    }

    /// Evaluates the condition of a flow.
    pub fn condition(&mut self, flow: &Flow) -> Result<bool, Incident> {
        let Some(condition) = &flow.condition else { return Ok(true) };
        let kind = IncidentKind::Condition;
        let asked = Asked { what: "the condition", id: &flow.id, kind };
        expressions::boolean(self.cx, self.key, asked, condition)
    }

    /// Evaluates what is a text, or an expression that gives one.
    pub fn text(
        &mut self,
        asked: Asked<'_>,
        source: &crate::bpmn::StaticOrExpression,
    ) -> Result<Arc<str>, Incident> {
        expressions::text(self.cx, Some(self.key), asked, source)
    }

    /// Evaluates what the boundary events of this element wait for; errors are not waited for, they are looked up.
    pub(super) fn prepare_boundaries(&mut self, element: &Element) -> Result<(), Incident> {
        let model = self.model.clone();
        for index in &element.boundary {
            let Some(event) = model.element(*index) else { continue };
            let ElementKind::BoundaryEvent { trigger, .. } = &event.kind else { continue };
            let wait = match trigger {
                BoundaryTrigger::Message(spec) => self.message(event, spec)?,
                BoundaryTrigger::Timer(spec) => self.timer(event, spec)?,
                BoundaryTrigger::Error(_) => continue,
            };
            self.boundaries.push((*index, wait));
        }
        Ok(())
    }

    fn asked<'e>(&self, element: &'e Element) -> Asked<'e> {
        Asked { what: "the value", id: &element.id, kind: IncidentKind::ExtractValue }
    }

    /// What an error carried stays with the event that caught it, as Camunda 8 has it.
    fn pass_on_payload(&mut self, kind: &ElementKind) {
        let is_error =
            matches!(kind, ElementKind::BoundaryEvent { trigger: BoundaryTrigger::Error(_), .. });
        let Some(scope) = self.row.scope.filter(|_| self.row.is_triggered && !is_error) else {
            return;
        };
        let payload = variables::locals(self.cx, self.key);
        variables::propagate(self.cx, self.row.instance, scope, &payload);
    }

    fn emit_taken(&mut self, scope: Key, flow: &Flow, target: &Element) {
        let event = FlowTaken {
            flow_id: flow.id.clone(),
            process_instance_key: self.row.instance,
            joins: lifecycle::is_join(target).then(|| target.id.clone()),
        };
        self.cx.emit(scope, event);
    }
}

/// Makes the event of an element that is entered.
pub(super) fn activating(
    element: &Element,
    scope: Key,
    instance: Key,
    tokens: u32,
) -> ElementActivating {
    ElementActivating {
        element_id: element.id.clone(),
        element_type: ElementType::of(&element.kind),
        scope_key: scope,
        process_instance_key: instance,
        tokens,
        is_triggered: false,
        interrupted_key: None,
    }
}
