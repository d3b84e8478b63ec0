//! Deployments: reading and checking files, and putting the new versions in place of the old ones.

mod decisions;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::commands::Resource;
use super::events::{
    DeploymentCreated, ProcessDeployed, ResourceDeployed, StartSubscriptionClosed,
    StartSubscriptionOpened, TimerCanceled,
};
use super::expressions::{self, Asked};
use super::timers::{self, Due};
use super::{IncidentKind, Process, rejections, waits};
use crate::bpmn::{
    Binding, BusinessRuleSpec, CalledDecision, Element, ElementKind, ExecutableProcess, Location,
    StartTrigger, StaticOrExpression, XmlLimits, parse,
};
use crate::kernel::Cx;
use crate::record::{Key, Rejection};
use decisions::CheckedModel;

/// Files that can be deployed: read, checked, and compared with what is there.
pub(crate) struct CheckedDeployment<'a> {
    models: Vec<CheckedModel<'a>>,
    files: Vec<CheckedFile<'a>>,
}

struct CheckedFile<'a> {
    resource: &'a Resource,
    hash: [u8; 32],
    content: Content,
}

enum Content {
    /// The definitions of the same file.
    Unchanged(Vec<Key>),
    Changed(Vec<CheckedProcess>),
}

struct CheckedProcess {
    process_id: Arc<str>,
    starts: Vec<(Arc<str>, Start)>,
    /// Whether it calls decisions of its own deployment.
    is_bound: bool,
}

/// What begins instances by itself.
enum Start {
    Message(Arc<str>),
    Timer(Due),
}

/// Checks files. All problems of all files are told at once.
pub(crate) fn check<'a>(
    cx: &mut Cx<'_, Process>,
    resources: &'a [Resource],
) -> Result<CheckedDeployment<'a>, Rejection> {
    if resources.is_empty() {
        let reason = "expected at least one file, found none";
        return Err(Rejection::new(rejections::RESOURCES_MISSING, reason).blame("resources"));
    }
    let (mut files, mut problems, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    let (rules, others): (Vec<_>, Vec<_>) =
        resources.iter().partition(|it| decisions::is_model(it));
    let models = decisions::check(cx, &rules, &mut problems);
    for resource in others {
        match parse(&resource.resource_name, &resource.content.0, &XmlLimits::default()) {
            Err(found) => problems.extend(found.iter().map(ToString::to_string)),
            Ok(processes) => {
                ids.extend(processes.iter().map(|it| (it.process_id().clone(), resource)));
                check_bound(resource, &processes, &models, &mut problems);
                files.push(check_file(cx, resource, &processes, &models, &mut problems));
            }
        }
    }
    check_ids(&ids, &mut problems);
    if problems.is_empty() {
        return Ok(CheckedDeployment { models, files });
    }
    let reason = problems.join("\n");
    Err(Rejection::new(rejections::RESOURCES_NOT_VALID, reason).blame("resources"))
}

/// Deploys what was checked.
pub(crate) fn deploy(cx: &mut Cx<'_, Process>, deployment: CheckedDeployment<'_>) {
    let deployment_key = cx.next_key();
    let models = deployment.models.iter().flat_map(CheckedModel::unchanged);
    let processes = deployment.files.iter().flat_map(|file| match &file.content {
        Content::Unchanged(keys) => keys.as_slice(),
        Content::Changed(_) => &[],
    });
    let unchanged = models.chain(processes.copied()).collect();
    let is_bound = deployment.files.iter().any(|file| match &file.content {
        Content::Unchanged(_) => false,
        Content::Changed(processes) => processes.iter().any(|it| it.is_bound),
    });
    let event = DeploymentCreated { unchanged, is_bound };
    cx.emit(deployment_key, event);
    decisions::deploy(cx, deployment_key, deployment.models);
    for file in deployment.files {
        let Content::Changed(processes) = file.content else { continue };
        let resource_key = cx.next_key();
        let event = ResourceDeployed {
            deployment_key,
            resource_name: file.resource.resource_name.clone(),
            content: file.resource.content.clone(),
            content_hash: file.hash,
        };
        cx.emit(resource_key, event);
        for process in processes {
            deploy_process(cx, deployment_key, resource_key, process);
        }
    }
}

fn check_file<'a>(
    cx: &mut Cx<'_, Process>,
    resource: &'a Resource,
    processes: &[ExecutableProcess],
    models: &[CheckedModel<'_>],
    problems: &mut Vec<String>,
) -> CheckedFile<'a> {
    let hash = *blake3::hash(&resource.content.0).as_bytes();
    let unchanged = unchanged(cx, resource, hash, processes);
    if let Some(keys) = unchanged.filter(|it| is_bound_alike(cx, it, processes, models)) {
        return CheckedFile { resource, hash, content: Content::Unchanged(keys) };
    }
    let mut checked = Vec::new();
    for process in processes {
        let elements = process.scope(process.root()).map(|it| it.starts.as_slice());
        let elements = elements.unwrap_or_default().iter().filter_map(|it| process.element(*it));
        let mut starts = Vec::new();
        for element in elements {
            match start(cx, element) {
                Ok(found) => starts.extend(found.map(|it| (element.id.clone(), it))),
                Err(text) => problems.push(problem(resource, element, element.location, &text)),
            }
        }
        let is_bound = bound(process).next().is_some();
        let process_id = process.process_id().clone();
        checked.push(CheckedProcess { process_id, starts, is_bound });
    }
    CheckedFile { resource, hash, content: Content::Changed(checked) }
}

/// Returns the newest definitions of the processes of a file if they were all deployed from the very same file.
fn unchanged(
    cx: &Cx<'_, Process>,
    resource: &Resource,
    hash: [u8; 32],
    processes: &[ExecutableProcess],
) -> Option<Vec<Key>> {
    let (state, tenant) = (cx.state(), cx.tenant());
    let same = |process: &ExecutableProcess| {
        let process_id = cx.symbols().find(process.process_id())?;
        let key = state.latest_definition(tenant, process_id)?;
        let row = state.resources.get(&state.definitions.get(&key)?.resource)?;
        (row.hash == hash && row.name == resource.resource_name).then_some(key)
    };
    processes.iter().map(same).collect()
}

/// Tells whether the decisions that processes call from their own deployment are the ones of their earlier deployment.
fn is_bound_alike(
    cx: &Cx<'_, Process>,
    definitions: &[Key],
    processes: &[ExecutableProcess],
    models: &[CheckedModel<'_>],
) -> bool {
    let state = cx.state();
    let same = |definition: &Key, id: &str, key: Option<Key>| {
        let deployment = state.definitions.get(definition)?.deployment;
        let before = state.decisions_deployed.get(&(deployment, cx.symbols().find(id)?))?;
        (Some(*before) == key).then_some(())
    };
    processes.iter().zip(definitions).all(|(process, definition)| {
        bound(process).next().is_none()
            || models
                .iter()
                .flat_map(CheckedModel::decisions)
                .all(|(id, key)| same(definition, id, key).is_some())
    })
}

/// Lists the decisions that a process calls from its own deployment.
fn bound(process: &ExecutableProcess) -> impl Iterator<Item = (&Element, &CalledDecision)> {
    process.elements().iter().filter_map(|element| match &element.kind {
        ElementKind::BusinessRuleTask(BusinessRuleSpec::Decision(called))
            if called.binding == Binding::Deployment =>
        {
            Some((element, called))
        }
        _ => None,
    })
}

/// Notes the calls of decisions that would have to be in the same deployment and are not.
fn check_bound(
    resource: &Resource,
    processes: &[ExecutableProcess],
    models: &[CheckedModel<'_>],
    problems: &mut Vec<String>,
) {
    for (element, called) in processes.iter().flat_map(bound) {
        let StaticOrExpression::Static(id) = &called.decision_id else { continue };
        if !models.iter().flat_map(CheckedModel::decisions).any(|(it, _)| it == id) {
            let text = format!("expected decision '{id}' in the same deployment, found none");
            problems.push(problem(resource, element, called.location, &text));
        }
    }
}

/// Evaluates what a start event waits for; nothing runs yet, so an expression sees no variable.
fn start(cx: &mut Cx<'_, Process>, element: &Element) -> Result<Option<Start>, String> {
    let ElementKind::StartEvent(trigger) = &element.kind else { return Ok(None) };
    let kind = IncidentKind::ExtractValue;
    match trigger {
        StartTrigger::None => Ok(None),
        StartTrigger::Message(spec) => {
            let asked = Asked { what: "the message name", id: &element.id, kind };
            let name = expressions::text(cx, None, asked, &spec.name);
            name.map(|name| Some(Start::Message(name))).map_err(|it| it.message)
        }
        StartTrigger::Timer(spec) => {
            let asked = Asked { what: "the timer", id: &element.id, kind };
            let due = timers::due(cx, None, asked, spec);
            due.map(|due| Some(Start::Timer(due))).map_err(|it| it.message)
        }
    }
}

fn check_ids(ids: &[(Arc<str>, &Resource)], problems: &mut Vec<String>) {
    for (at, (id, resource)) in ids.iter().enumerate() {
        let mut earlier = ids.iter().take(at);
        if let Some((_, first)) = earlier.find(|(it, _)| it == id) {
            let (name, first) = (&resource.resource_name, &first.resource_name);
            problems.push(format!(
                "{name}: expected a process id that no other file has, found '{id}' in {first} too"
            ));
        }
    }
}

fn problem(resource: &Resource, element: &Element, at: Location, text: &str) -> String {
    let (name, Location { line, column }) = (&resource.resource_name, at);
    format!("{name}:{line}:{column}: element '{}': {text}", element.id)
}

fn deploy_process(
    cx: &mut Cx<'_, Process>,
    deployment_key: Key,
    resource_key: Key,
    process: CheckedProcess,
) {
    let process_id = cx.symbols().find(&process.process_id);
    let latest = process_id.and_then(|id| cx.state().latest_definitions.get(&(cx.tenant(), id)));
    let (previous, version) =
        latest.map_or((None, 1), |it| (Some(it.definition), it.version.saturating_add(1)));
    let definition = cx.next_key();
    let process_id = process.process_id;
    cx.emit(definition, ProcessDeployed { deployment_key, resource_key, process_id, version });
    if let Some(previous) = previous {
        close_starts(cx, previous);
    }
    for (element_id, start) in process.starts {
        match start {
            Start::Timer(due) => waits::arm_start(cx, definition, element_id, due),
            Start::Message(message_name) => {
                let process_definition_key = definition;
                let event =
                    StartSubscriptionOpened { process_definition_key, element_id, message_name };
                cx.emit(cx.next_key(), event);
            }
        }
    }
}

fn close_starts(cx: &mut Cx<'_, Process>, definition: Key) {
    for key in cx.state().start_subscriptions_of(definition) {
        cx.emit(key, StartSubscriptionClosed { process_definition_key: definition });
    }
    for key in cx.state().timers_of(definition) {
        cx.emit(key, TimerCanceled { process_instance_key: None });
    }
}
