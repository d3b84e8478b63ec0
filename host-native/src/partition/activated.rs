//! What a worker is handed: the job with everything that it needs to know.

use std::collections::BTreeMap;
use std::sync::Arc;

use dacapo_engine::bpmn::{ElementKind, ExecutableProcess, ScriptSpec};
use dacapo_engine::feel::Context;
use dacapo_engine::kernel::{AnyEvent, Engine, EngineState, EventRecord, Symbol};
use dacapo_engine::process::commands::ActivateJobs;
use dacapo_engine::process::state::JobState;
use dacapo_engine::process::{Event, Process};
use dacapo_engine::record::{Key, Timestamp};

use super::models::Models;

/// A job in the hands of a worker.
#[derive(Clone, Debug, PartialEq)]
pub struct ActivatedJob {
    /// The job.
    pub key: Key,
    /// Its type.
    pub job_type: Arc<str>,
    /// Who has it.
    pub worker: Arc<str>,
    /// How many attempts are left.
    pub retries: i32,
    /// Until when it is lent.
    pub deadline: Timestamp,
    /// What the model tells the worker.
    pub headers: Vec<(Arc<str>, Arc<str>)>,
    /// The variables that the element sees.
    pub variables: Context,
    /// The element.
    pub element_id: Arc<str>,
    /// The element instance.
    pub element_instance: Key,
    /// The process instance.
    pub instance: Key,
    /// The definition.
    pub definition: Key,
    /// The id of the process.
    pub process_id: Arc<str>,
    /// The version of the process.
    pub version: u32,
    /// The tenant.
    pub tenant: Arc<str>,
    /// The labels of the process instance.
    pub tags: Vec<Arc<str>>,
    /// The user's own id of the process instance.
    pub business_id: Option<Arc<str>>,
}

impl ActivatedJob {
    /// Collects what an activation handed out, in the state right after it. A job that is gone since is left out.
    pub(super) fn of(
        engine: &Engine<Process>,
        models: &mut Models,
        command: &ActivateJobs,
        events: &[EventRecord<AnyEvent<Process>>],
    ) -> Vec<Self> {
        let wanted = command.fetch_variables.as_deref().filter(|it| !it.is_empty());
        let handed_out = events.iter().filter_map(|record| match &record.event {
            AnyEvent::Machine(Event::JobActivated(it)) => Some((record.key, it)),
            _ => None,
        });
        let job = |(key, it): (Key, &dacapo_engine::process::events::JobActivated)| {
            let job = Self::one(engine.state(), models, key, wanted)?;
            Some(Self { worker: it.worker.clone(), deadline: it.deadline, ..job })
        };
        handed_out.filter_map(job).collect()
    }

    /// Collects a job that is in the hands of a worker.
    pub(super) fn again(engine: &Engine<Process>, models: &mut Models, key: Key) -> Option<Self> {
        let JobState::Activated(deadline) = engine.state().tables.jobs.get(&key)?.state else {
            return None;
        };
        let job = Self::one(engine.state(), models, key, None)?;
        Some(Self { deadline, ..job })
    }

    fn one(
        state: &EngineState<Process>,
        models: &mut Models,
        key: Key,
        wanted: Option<&[Arc<str>]>,
    ) -> Option<Self> {
        let (symbols, tables) = (&state.kernel.symbols, &state.tables);
        let job = tables.jobs.get(&key)?;
        let element = tables.elements.get(&job.element_instance)?;
        let instance = tables.instances.get(&job.instance)?;
        let definition = tables.definitions.get(&instance.definition)?;
        let element_id = symbols.name(element.element);
        let model = models.get(tables, symbols, instance.definition);
        Some(Self {
            key,
            job_type: symbols.name(job.job_type),
            worker: job.worker.clone().unwrap_or_default(),
            retries: job.retries,
            deadline: Timestamp::default(),
            headers: model.map(|it| headers(&it, &element_id)).unwrap_or_default(),
            variables: variables(state, job.element_instance, wanted),
            element_id,
            element_instance: job.element_instance,
            instance: job.instance,
            definition: instance.definition,
            process_id: symbols.name(instance.process_id),
            version: definition.version,
            tenant: symbols.name(job.tenant),
            tags: instance.tags.clone(),
            business_id: instance.business_id.clone(),
        })
    }
}

fn headers(model: &ExecutableProcess, element_id: &str) -> Vec<(Arc<str>, Arc<str>)> {
    let kind = model.find(element_id).map(|(_, element)| &element.kind);
    match kind {
        Some(ElementKind::ServiceTask(job) | ElementKind::ScriptTask(ScriptSpec::Job(job))) => {
            job.headers.clone()
        }
        _ => Vec::new(),
    }
}

/// The variables of the scopes from the element outwards; the inner one hides the outer one.
fn variables(state: &EngineState<Process>, element: Key, wanted: Option<&[Arc<str>]>) -> Context {
    let (symbols, tables) = (&state.kernel.symbols, &state.tables);
    let mut seen = BTreeMap::new();
    let mut scope = Some(element);
    while let Some(key) = scope {
        for ((_, name), row) in tables.variables.range((key, Symbol(0))..=(key, Symbol(u32::MAX))) {
            let name = symbols.name(*name);
            if wanted.is_none_or(|it| it.contains(&name)) {
                seen.entry(name).or_insert(&row.value);
            }
        }
        scope = tables.elements.get(&key).and_then(|row| row.scope);
    }
    seen.into_iter().map(|(name, value)| (name, value.clone())).collect()
}
