//! What people ask a running engine: where the tokens are, why an instance waits, what a worker gets to see.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::ElementType;
use super::models::Models;
use super::near::is_dead;
use super::state::{ElementRow, ElementState, JobState, State, named, owned};
use crate::bpmn::{BusinessRuleSpec, Element, ElementKind, ExecutableProcess, ScriptSpec};
use crate::feel::{Context, Value};
use crate::kernel::{Symbol, View};
use crate::record::{Key, Timestamp};

/// A place where a process instance is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The element.
    pub element_id: Arc<str>,
    /// Its instance; none for tokens that wait before a join.
    pub element_instance_key: Option<Key>,
    /// The kind of element; none for tokens that wait before a join.
    pub element_type: Option<ElementType>,
    /// The scope that it is in; none for the process itself.
    pub scope_key: Option<Key>,
    /// The flow by which it came, for tokens that wait before a join.
    pub flow_id: Option<Arc<str>>,
    /// How many.
    pub count: u32,
    /// Whether it has an open incident.
    pub has_incident: bool,
}

/// What an element instance waits for, and what is active inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyTree {
    /// The element.
    pub element_id: Arc<str>,
    /// The kind of element.
    pub element_type: ElementType,
    /// Its instance.
    pub element_instance_key: Key,
    /// What it waits for itself; a scope waits for what is inside.
    pub waits: Vec<Why>,
    /// What is active inside.
    pub children: Vec<WhyTree>,
}

/// One reason to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// For a worker.
    Job {
        /// The job.
        key: Key,
        /// What workers ask for.
        job_type: Arc<str>,
        /// Where it stands: not activated, with a worker until then, backing off until then, …
        state: JobState,
        /// Who had it last.
        worker: Option<Arc<str>>,
        /// How many attempts are left.
        retries: i32,
    },
    /// For a time.
    Timer {
        /// The timer.
        key: Key,
        /// The event that waits: the element itself, at its boundary, or behind a gateway.
        event_id: Arc<str>,
        /// When it is due.
        due: Timestamp,
    },
    /// For a message.
    Message {
        /// The subscription.
        key: Key,
        /// The event that waits: the element itself, at its boundary, or behind a gateway.
        event_id: Arc<str>,
        /// The name of the message.
        name: Arc<str>,
        /// What it must carry.
        correlation_key: Arc<str>,
    },
    /// For a person.
    Incident {
        /// The incident.
        key: Key,
        /// What went wrong, as `IO_MAPPING_ERROR`.
        kind: &'static str,
        /// What was expected and what was found.
        message: Arc<str>,
        /// The job that is blocked, if it is one.
        job: Option<Key>,
    },
    /// For tokens of other flows.
    Join {
        /// The joining element.
        element_id: Arc<str>,
        /// The flows that have a token there.
        present: Vec<Arc<str>>,
        /// The flows that have none.
        absent: Vec<Arc<str>>,
        /// Those of them by which none can come: nothing that leads there is active.
        dead: Vec<Arc<str>>,
    },
    /// For its own work, which did not fit into a step: it goes on by itself.
    ParkedWork,
    /// For what is inside to end.
    Ending,
}

/// A job as its worker sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct JobView {
    /// Its key.
    pub key: Key,
    /// What workers ask for.
    pub job_type: Arc<str>,
    /// How many attempts are left.
    pub retries: i32,
    /// Who has it.
    pub worker: Option<Arc<str>>,
    /// When the worker's time is out; none if no worker has it.
    pub deadline: Option<Timestamp>,
    /// The element.
    pub element_id: Arc<str>,
    /// The element instance.
    pub element_instance_key: Key,
    /// The process instance.
    pub process_instance_key: Key,
    /// The definition.
    pub process_definition_key: Key,
    /// The id of the process.
    pub process_id: Arc<str>,
    /// The version of the process.
    pub version: u32,
    /// What the author tells the worker.
    pub headers: Vec<(Arc<str>, Arc<str>)>,
    /// What the worker may know: all that is visible, or what it asked for.
    pub variables: Context,
    /// The user's own labels of the instance.
    pub tags: Vec<Arc<str>>,
    /// The user's own id of the instance.
    pub business_id: Option<Arc<str>>,
    /// Whose.
    pub tenant: Arc<str>,
}

/// Returns where a process instance is; nothing if it is not running.
pub fn tokens(view: &View<'_, State>, instance: Key) -> Vec<Token> {
    let (tables, mut found) = (view.tables, Vec::new());
    let Some(root) = tables.elements.get(&instance) else { return found };
    let mut open: Vec<(Key, &ElementRow)> = alloc::vec![(instance, root)];
    while let Some((key, row)) = open.pop() {
        found.push(Token {
            element_id: view.kernel.symbols.name(row.element),
            element_instance_key: Some(key),
            element_type: Some(row.element_type),
            scope_key: row.scope,
            flow_id: None,
            count: 1,
            has_incident: tables.incidents_of.range(owned(key)).next().is_some(),
        });
        for (element, flow, count) in waiting_tokens(tables, key) {
            found.push(Token {
                element_id: view.kernel.symbols.name(element),
                element_instance_key: None,
                element_type: None,
                scope_key: Some(key),
                flow_id: Some(view.kernel.symbols.name(flow)),
                count,
                has_incident: false,
            });
        }
        let children = tables.children.range(owned(key)).rev();
        open.extend(children.filter_map(|((_, it), ())| Some((*it, tables.elements.get(it)?))));
    }
    found
}

/// Returns what a process instance waits for; nothing if it is not running. Looks at most [`WHY_MAX`] element instances up.
pub fn why(view: &View<'_, State>, models: &mut Models, instance: Key) -> Option<WhyTree> {
    let definition = view.tables.instances.get(&instance)?.definition;
    let model = models.get(view.tables, &view.kernel.symbols, definition);
    let mut left = WHY_MAX;
    let mut tree = explain(view, model.as_deref(), instance, DEPTH_MAX, &mut left)?;
    if view.kernel.is_parked(instance) {
        tree.waits.push(Why::ParkedWork);
    }
    Some(tree)
}

/// Returns a job as its worker sees it, with the variables it asked for, or all.
pub fn job(
    view: &View<'_, State>,
    models: &mut Models,
    key: Key,
    fetch: Option<&[Arc<str>]>,
) -> Option<JobView> {
    let (tables, symbols) = (view.tables, &view.kernel.symbols);
    let row = tables.jobs.get(&key)?;
    let element = tables.elements.get(&row.element_instance)?;
    let instance = tables.instances.get(&row.instance)?;
    let definition = tables.definitions.get(&instance.definition)?;
    let element_id = symbols.name(element.element);
    let model = models.get(tables, symbols, instance.definition);
    let headers = model.as_ref().and_then(|it| Some(headers(it.find(&element_id)?.1)));
    Some(JobView {
        key,
        job_type: symbols.name(row.job_type),
        retries: row.retries,
        worker: row.worker.clone(),
        deadline: match row.state {
            JobState::Activated(until) => Some(until),
            JobState::Activatable
            | JobState::BackingOff(_)
            | JobState::Failed
            | JobState::ErrorThrown => None,
        },
        element_id,
        element_instance_key: row.element_instance,
        process_instance_key: row.instance,
        process_definition_key: instance.definition,
        process_id: symbols.name(instance.process_id),
        version: definition.version,
        headers: headers.unwrap_or_default(),
        variables: variables(view, row.element_instance, fetch),
        tags: instance.tags.clone(),
        business_id: instance.business_id.clone(),
        tenant: symbols.name(row.tenant),
    })
}

/// Returns the variables that are visible in a scope, the innermost of each name: all, or those asked for.
pub fn variables(view: &View<'_, State>, scope: Key, fetch: Option<&[Arc<str>]>) -> Context {
    let (tables, symbols) = (view.tables, &view.kernel.symbols);
    if let Some(names) = fetch {
        let found = names.iter().filter_map(|name| {
            let (_, row) = tables.variable(scope, symbols.find(name)?)?;
            Some((name.clone(), row.value.clone()))
        });
        return found.collect();
    }
    let mut found: BTreeMap<Symbol, &Value> = BTreeMap::new();
    let mut next = Some(scope);
    // Ends: scopes are a tree, and no scope is its own ancestor.
    while let Some(scope) = next {
        for ((_, name), row) in tables.variables.range(named(scope)) {
            found.entry(*name).or_insert(&row.value);
        }
        next = tables.elements.get(&scope).and_then(|it| it.scope);
    }
    found.into_iter().map(|(name, value)| (symbols.name(name), value.clone())).collect()
}

fn explain(
    view: &View<'_, State>,
    model: Option<&ExecutableProcess>,
    key: Key,
    depth: u32,
    left: &mut u32,
) -> Option<WhyTree> {
    *left = left.checked_sub(1)?;
    let row = view.tables.elements.get(&key)?;
    let mut waits = own_waits(view, key);
    waits.extend(joins(view, model, key));
    if row.state == ElementState::Terminating || row.is_interrupted {
        waits.push(Why::Ending);
    }
    let depth = depth.checked_sub(1)?;
    let children = view.tables.children.range(owned(key));
    let children =
        children.filter_map(|((_, child), ())| explain(view, model, *child, depth, left)).collect();
    Some(WhyTree {
        element_id: view.kernel.symbols.name(row.element),
        element_type: row.element_type,
        element_instance_key: key,
        waits,
        children,
    })
}

fn own_waits(view: &View<'_, State>, owner: Key) -> Vec<Why> {
    let (tables, symbols) = (view.tables, &view.kernel.symbols);
    let jobs = tables.jobs_of(owner).into_iter().filter_map(|key| {
        let row = tables.jobs.get(&key)?;
        let (job_type, worker) = (symbols.name(row.job_type), row.worker.clone());
        Some(Why::Job { key, job_type, state: row.state, worker, retries: row.retries })
    });
    let timers = tables.timers_of(owner).into_iter().filter_map(|key| {
        let row = tables.timers.get(&key)?;
        Some(Why::Timer { key, event_id: symbols.name(row.element), due: row.due })
    });
    let messages = tables.subscriptions_of(owner).into_iter().filter_map(|key| {
        let row = tables.subscriptions.get(&key)?;
        let (name, correlation_key) =
            (row.correlation.name.clone(), row.correlation.correlation_key.clone());
        Some(Why::Message { key, event_id: symbols.name(row.element), name, correlation_key })
    });
    let incidents = tables.incidents_of(owner).into_iter().filter_map(|key| {
        let row = tables.incidents.get(&key)?;
        let (kind, message) = (row.kind.name(), row.message.clone());
        Some(Why::Incident { key, kind, message, job: row.job })
    });
    jobs.chain(timers).chain(messages).chain(incidents).collect()
}

fn joins(view: &View<'_, State>, model: Option<&ExecutableProcess>, scope: Key) -> Vec<Why> {
    let mut by_element: BTreeMap<Symbol, Vec<Arc<str>>> = BTreeMap::new();
    for (element, flow, _) in waiting_tokens(view.tables, scope) {
        by_element.entry(element).or_default().push(view.kernel.symbols.name(flow));
    }
    let instance = view.tables.elements.get(&scope).map(|it| it.instance);
    // A token may be on its way in work that was parked.
    let is_settled = instance.is_some_and(|it| !view.kernel.is_parked(it));
    let why = |(element, present): (Symbol, Vec<Arc<str>>)| {
        let element_id = view.kernel.symbols.name(element);
        let (mut absent, mut dead) = (Vec::new(), Vec::new());
        if let Some(model) = model
            && let Some((join, element)) = model.find(&element_id)
        {
            for flow in &element.incoming {
                let Some(id) = model.flow(*flow).map(|it| it.id.clone()) else { continue };
                if present.contains(&id) {
                    continue;
                }
                if is_settled && is_dead(view, model, scope, join, *flow) {
                    dead.push(id.clone());
                }
                absent.push(id);
            }
        }
        Why::Join { element_id, present, absent, dead }
    };
    by_element.into_iter().map(why).collect()
}

pub(super) fn waiting_tokens(
    tables: &State,
    scope: Key,
) -> impl Iterator<Item = (Symbol, Symbol, u32)> {
    let last = Symbol(u32::MAX);
    let range = (scope, Symbol(0), Symbol(0))..=(scope, last, last);
    tables.taken_flows.range(range).map(|((_, element, flow), count)| (*element, *flow, *count))
}

fn headers(element: &Element) -> Vec<(Arc<str>, Arc<str>)> {
    match &element.kind {
        ElementKind::ServiceTask(spec)
        | ElementKind::ScriptTask(ScriptSpec::Job(spec))
        | ElementKind::BusinessRuleTask(BusinessRuleSpec::Job(spec)) => spec.headers.clone(),
        _ => Vec::new(),
    }
}

/// How many element instances an explanation looks at.
pub const WHY_MAX: u32 = 10_000;
/// Deeper than the greatest limit of scopes that anybody would set.
const DEPTH_MAX: u32 = 256;
