//! Loops that nothing can stop: no element in them waits or changes what a condition reads.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};

use super::blame;
use crate::bpmn::model::{Element, ElementIndex, ElementKind, ExecutableProcess};
use crate::bpmn::problem::{ProblemCode, Report};
use crate::bpmn::spec::ScriptSpec;

/// Looks for loops among the elements that are passed through at once.
///
/// A sub-process is passed through if a path from its start to one of its ends is; an event that
/// interrupts it waits, and so breaks the loop.
pub(super) fn check(process: &ExecutableProcess, report: &mut Report) {
    let visits = vec![Visit::New; process.elements().len()];
    let mut search = Search { process, passing: passing(process), visits };
    for start in (0..).map(ElementIndex).take(process.elements().len()) {
        let Some(path) = search.find_loop(start) else { continue };
        let Some(element) = path.last().and_then(|it| process.element(*it)) else { continue };
        let names = names(process, &path);
        let message = format!("expected something to wait for in a loop, found none in {names}");
        blame(report, element, ProblemCode::LoopWithoutWait, message);
    }
}

/// A search, depth first, that visits every element once.
struct Search<'a> {
    process: &'a ExecutableProcess,
    passing: Vec<bool>,
    visits: Vec<Visit>,
}

impl Search<'_> {
    /// Returns the first loop found from `start`.
    fn find_loop(&mut self, start: ElementIndex) -> Option<Vec<ElementIndex>> {
        let mut path = Vec::new();
        let mut branches = Vec::new();
        let mut next = Some(start);
        loop {
            match next.and_then(|it| Some((it, self.visit(it)?))) {
                Some((index, Visit::New)) if is_passing(&self.passing, index) => {
                    self.mark(index, Visit::OnPath);
                    path.push(index);
                    branches.push(targets(self.process, index));
                }
                Some((index, Visit::OnPath)) => return self.close(path, index),
                Some((_, Visit::New | Visit::Done)) | None => {}
            }
            next = branches.last_mut()?.next();
            if next.is_none() {
                branches.pop();
                if let Some(done) = path.pop() {
                    self.mark(done, Visit::Done);
                }
            }
        }
    }

    /// Cuts a path down to the loop that ends at `index`, and marks all of it as told.
    fn close(
        &mut self,
        mut path: Vec<ElementIndex>,
        index: ElementIndex,
    ) -> Option<Vec<ElementIndex>> {
        for told in &path {
            self.mark(*told, Visit::Done);
        }
        let start = path.iter().position(|it| *it == index)?;
        Some(path.split_off(start))
    }

    fn visit(&self, index: ElementIndex) -> Option<Visit> {
        self.visits.get(usize::try_from(index.0).ok()?).copied()
    }

    fn mark(&mut self, index: ElementIndex, visit: Visit) {
        let at = usize::try_from(index.0).ok();
        if let Some(entry) = at.and_then(|at| self.visits.get_mut(at)) {
            *entry = visit;
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    New,
    OnPath,
    Done,
}

/// Tells for every element whether a token can pass it at once and without a trace.
fn passing(process: &ExecutableProcess) -> Vec<bool> {
    let mut passing: Vec<bool> =
        process.elements().iter().map(|it| passes(it) && it.outputs.is_empty()).collect();
    // What stands in a sub-process comes after it, so the innermost are decided first.
    for (at, element) in process.elements().iter().enumerate().rev() {
        if let ElementKind::SubProcess(scope) = &element.kind {
            let through = scope.none_start.is_some_and(|it| reaches_end(process, &passing, it));
            if let Some(entry) = passing.get_mut(at) {
                *entry = through && element.outputs.is_empty();
            }
        }
    }
    passing
}

fn passes(element: &Element) -> bool {
    match &element.kind {
        ElementKind::StartEvent(_)
        | ElementKind::EndEvent(_)
        | ElementKind::ManualTask
        | ElementKind::UndefinedTask
        | ElementKind::ExclusiveGateway { .. }
        | ElementKind::ParallelGateway => true,
        // A script or a decision changes a variable, so that a condition can end the loop.
        ElementKind::ScriptTask(ScriptSpec::Expression { .. } | ScriptSpec::Job(_))
        | ElementKind::BusinessRuleTask(_)
        | ElementKind::Process(_)
        | ElementKind::SubProcess(_)
        | ElementKind::ServiceTask(_)
        | ElementKind::ReceiveTask(_)
        | ElementKind::EventBasedGateway
        | ElementKind::IntermediateCatchEvent(_)
        | ElementKind::BoundaryEvent { .. } => false,
    }
}

/// Tells whether a path of passing elements leads from `start` to an element without a way out.
fn reaches_end(process: &ExecutableProcess, passing: &[bool], start: ElementIndex) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![start];
    while let Some(index) = open.pop() {
        let is_new = seen.insert(index);
        if is_new && is_passing(passing, index) {
            let before = open.len();
            open.extend(targets(process, index));
            if open.len() == before {
                return true;
            }
        }
    }
    false
}

fn targets(
    process: &ExecutableProcess,
    index: ElementIndex,
) -> impl Iterator<Item = ElementIndex> + '_ {
    let flows = process.element(index).map(|it| it.outgoing.as_slice()).unwrap_or_default();
    flows.iter().filter_map(|it| process.flow(*it)).map(|it| it.target)
}

fn is_passing(passing: &[bool], index: ElementIndex) -> bool {
    usize::try_from(index.0).ok().and_then(|it| passing.get(it)).copied().unwrap_or(false)
}

fn names(process: &ExecutableProcess, path: &[ElementIndex]) -> String {
    let mut text = String::new();
    for element in path.iter().filter_map(|it| process.element(*it)).take(NAMES_MAX) {
        text.push_str(&element.id);
        text.push_str(" -> ");
    }
    text.push_str(path.first().and_then(|it| process.element(*it)).map_or("", |it| &it.id));
    text
}

const NAMES_MAX: usize = 10;
