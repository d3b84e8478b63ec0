//! The rules for what goes on by itself, until all tokens rest.

use dacapo_engine::bpmn::{
    BoundaryTrigger, BusinessRuleSpec, Element, ElementKind, EndKind, FlowIndex, ScriptSpec,
};

use super::game::{Game, waiting};
use super::places::{Path, assign, at, at_mut, paths, remove};
use super::reading::{catch, is_at_most, message, sum, text, timer};
use super::world::{Job, Message, Place, Wait, World};

/// One thing that goes on by itself.
pub(super) enum Step {
    /// An element is entered, of those that a scope has under way.
    Enter(Path, usize),
    /// A scope with nothing inside is left.
    Leave(Path),
    /// A wait takes a message that is there.
    Take(Path, usize, usize),
}

impl Game<'_> {
    pub(super) fn steps(&self, world: &World, now: i64) -> Vec<Step> {
        let mut steps = Vec::new();
        for path in paths(world) {
            let place = at(world, &path);
            steps.extend((0..place.moving.len()).map(|index| Step::Enter(path.clone(), index)));
            let is_scope = self.element(&place.element).kind.scope().is_some();
            let is_empty = place.inside.is_empty() && place.moving.is_empty();
            if is_scope && is_empty && place.joining.is_empty() {
                steps.push(Step::Leave(path.clone()));
            }
            let there = |it: &Message| !it.is_pending && !it.is_taken && it.deadline > now;
            for (number, message) in world.messages.iter().filter(|(_, it)| there(it)) {
                let waits = waiting(world, &path, &message.name, &message.key);
                steps.extend(waits.iter().map(|it| Step::Take(path.clone(), *it, *number)));
            }
        }
        steps
    }

    /// Returns whether it is all the same if a step comes before others: it neither reads nor writes what others do.
    pub(super) fn is_certain(&self, world: &World, step: &Step) -> bool {
        match step {
            // A message that is there may still be taken at its boundary.
            Step::Leave(path) => at(world, path).waits.is_empty(),
            Step::Take(..) => false,
            Step::Enter(path, index) => {
                let element = self.element(&at(world, path).moving[*index].0);
                let is_choice = matches!(element.kind, ElementKind::ExclusiveGateway { .. });
                let is_script = matches!(
                    element.kind,
                    ElementKind::ScriptTask(_) | ElementKind::BusinessRuleTask(_)
                );
                !(is_ending(element) || is_script || is_choice && element.outgoing.len() > 1)
            }
        }
    }

    pub(super) fn went_on(&self, world: &World, step: &Step, now: i64) -> World {
        let mut new = world.clone();
        match step {
            Step::Enter(path, index) => {
                let (id, flow) = at_mut(&mut new, path).moving.remove(*index);
                self.enter(&mut new, path, self.element(&id), flow.as_deref(), now);
            }
            Step::Leave(path) => {
                let element = self.element(&at(world, path).element);
                match remove(&mut new, path) {
                    Some(scope) => self.leave_by_all(&mut new, scope, element),
                    None => self.count(&mut new, &element.id, false),
                }
            }
            Step::Take(path, index, number) => new = self.taken(world, path, *index, *number),
        }
        new.sorted()
    }

    fn enter(
        &self,
        world: &mut World,
        scope: &[usize],
        it: &Element,
        flow: Option<&str>,
        now: i64,
    ) {
        if matches!(it.kind, ElementKind::ParallelGateway) && it.incoming.len() > 1 {
            let joining = &mut at_mut(world, scope).joining;
            *joining.entry(flow.expect("a flow leads to a join").into()).or_default() += 1;
            let flows = || it.incoming.iter().map(|it| &*self.model.flow(*it).expect("it").id);
            if !flows().all(|flow| joining.contains_key(flow)) {
                return;
            }
            flows().for_each(|flow| *joining.get_mut(flow).expect("a token") -= 1);
            joining.retain(|_, count| *count > 0);
        }
        self.count(world, &it.id, true);
        let mut place = Place::new(&it.id);
        match &it.kind {
            ElementKind::ServiceTask(_)
            | ElementKind::ScriptTask(ScriptSpec::Job(_))
            | ElementKind::BusinessRuleTask(BusinessRuleSpec::Job(_)) => {
                place.waits.push(Wait::Job(Job::Open));
            }
            ElementKind::ReceiveTask(spec) => {
                place.waits.push(message(world, scope, &it.id, spec));
            }
            ElementKind::IntermediateCatchEvent(trigger) => {
                place.waits.push(catch(world, scope, &it.id, trigger, now));
            }
            ElementKind::EventBasedGateway => {
                let events = it.outgoing.iter().filter_map(|it| self.model.flow(*it));
                for event in events.filter_map(|flow| self.model.element(flow.target)) {
                    let ElementKind::IntermediateCatchEvent(trigger) = &event.kind else {
                        continue;
                    };
                    place.waits.push(catch(world, scope, &event.id, trigger, now));
                }
            }
            ElementKind::SubProcess(inner) => {
                let start =
                    inner.none_start.and_then(|it| self.model.element(it)).expect("a start");
                place.moving.push((start.id.to_string(), None));
            }
            _ => return self.pass(world, scope, it),
        }
        for event in it.boundary.iter().filter_map(|it| self.model.element(*it)) {
            let ElementKind::BoundaryEvent { trigger, .. } = &event.kind else { continue };
            match trigger {
                BoundaryTrigger::Message(it) => {
                    place.waits.push(message(world, scope, &event.id, it));
                }
                BoundaryTrigger::Timer(it) => place.waits.push(timer(&event.id, it, now)),
                BoundaryTrigger::Error(_) => {}
            }
        }
        at_mut(world, scope).inside.push(place);
    }

    /// Goes through an element that waits for nothing.
    fn pass(&self, world: &mut World, scope: &[usize], element: &Element) {
        match &element.kind {
            ElementKind::ScriptTask(ScriptSpec::Expression { expression, result_variable }) => {
                let value = sum(world, scope, expression.source());
                assign(world, scope, result_variable, value);
                self.leave_by_all(world, scope, element);
            }
            // The only decision that processes call here: what comes after `n`.
            ElementKind::BusinessRuleTask(BusinessRuleSpec::Decision(called)) => {
                let value = sum(world, scope, "n + 1");
                assign(world, scope, &called.result_variable, value);
                self.leave_by_all(world, scope, element);
            }
            ElementKind::ExclusiveGateway { default } => {
                let holds = |it: &_| {
                    let condition = self.model.flow(*it).and_then(|it| it.condition.as_ref());
                    condition.is_none_or(|it| is_at_most(world, scope, it.source()))
                };
                let flows = element.outgoing.iter().filter(|it| Some(**it) != *default);
                let flow = flows.copied().find(holds).or(*default).expect("a flow to leave by");
                self.count(world, &element.id, false);
                self.take(world, scope, flow);
            }
            ElementKind::EndEvent(EndKind::Error(error)) => {
                let code = text(&error.code);
                let mut end = Place::new(&element.id);
                if !self.thrown(world, scope, code) {
                    end.waits.push(Wait::Uncaught);
                    at_mut(world, scope).inside.push(end);
                }
            }
            ElementKind::EndEvent(EndKind::Terminate) => {
                let scope = at_mut(world, scope);
                let (element, variables) = (scope.element.clone(), scope.variables.clone());
                *scope =
                    Place { element, variables, waits: scope.waits.clone(), ..Place::default() };
            }
            _ => self.leave_by_all(world, scope, element),
        }
    }

    pub(super) fn leave_by_all(&self, world: &mut World, scope: &[usize], element: &Element) {
        self.count(world, &element.id, false);
        element.outgoing.iter().for_each(|flow| self.take(world, scope, *flow));
    }

    fn take(&self, world: &mut World, scope: &[usize], flow: FlowIndex) {
        let flow = self.model.flow(flow).expect("a flow of the model");
        let target = self.model.element(flow.target).expect("an element of the model");
        at_mut(world, scope).moving.push((target.id.to_string(), Some(flow.id.to_string())));
    }
}

/// Returns whether an element ends others.
pub(super) fn is_ending(element: &Element) -> bool {
    matches!(element.kind, ElementKind::EndEvent(EndKind::Terminate | EndKind::Error(_)))
}
