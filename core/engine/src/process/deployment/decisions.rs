//! Decision models among the files of a deployment: what is new in them, and how it is put in place.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::dmn::{self, DecisionInfo, Model, XmlLimits};
use crate::kernel::Cx;
use crate::process::Process;
use crate::process::commands::Resource;
use crate::process::events::{DecisionDeployed, DecisionRequirementsDeployed, ResourceDeployed};
use crate::process::state::LatestRow;
use crate::record::Key;

/// A decision model that can be deployed.
pub(super) struct CheckedModel<'a> {
    resource: &'a Resource,
    hash: [u8; 32],
    id: Arc<str>,
    name: Arc<str>,
    /// Where its definitions stand in the file.
    place: (u32, u32),
    decisions: Vec<DecisionInfo>,
    /// The files that it imports, directly or not.
    imports: Vec<Arc<str>>,
    /// What is deployed already with the very same content: the model, its file, its decisions in their order.
    unchanged: Option<(Key, Key, Vec<Key>)>,
}

/// Tells whether a file holds decisions, by its name.
pub(super) fn is_model(resource: &Resource) -> bool {
    let extension = resource.resource_name.rsplit_once('.').map(|(_, it)| it);
    extension.is_some_and(|it| it.eq_ignore_ascii_case("dmn"))
}

/// Checks decision models; each may import the others.
pub(super) fn check<'a>(
    cx: &Cx<'_, Process>,
    resources: &[&'a Resource],
    problems: &mut Vec<String>,
) -> Vec<CheckedModel<'a>> {
    let mut models = Vec::new();
    for (at, resource) in resources.iter().enumerate() {
        // Most files import nothing; reading all the others for each would be slow.
        let is_alone = !resource.content.0.windows(IMPORT.len()).any(|it| it == IMPORT);
        let others = resources.iter().enumerate().filter(|(it, _)| *it != at && !is_alone);
        let imports: Vec<_> = others.map(|(_, it)| file(it)).collect();
        match Model::parse(file(resource), &imports, &XmlLimits::default()) {
            Ok(model) => models.push(read(cx, resource, &model)),
            Err(found) => {
                // What is wrong with another file is told with that file.
                let own = found.iter().filter(|it| *it.resource == *resource.resource_name);
                problems.extend(own.map(ToString::to_string));
            }
        }
    }
    check_ids(&models, problems);
    forget_changed_imports(cx, &mut models);
    models
}

impl CheckedModel<'_> {
    /// Returns the keys of a model that was deployed before, with the same content.
    pub(super) fn unchanged(&self) -> Vec<Key> {
        let unchanged = self.unchanged.iter();
        unchanged
            .flat_map(|(key, _, decisions)| [*key].into_iter().chain(decisions.clone()))
            .collect()
    }

    /// Returns the decisions, each with its version if that is deployed already.
    pub(super) fn decisions(&self) -> impl Iterator<Item = (&Arc<str>, Option<Key>)> {
        let keys = self.unchanged.as_ref().map(|(_, _, keys)| keys.as_slice());
        let key = move |at: usize| keys.and_then(|it| it.get(at)).copied();
        self.decisions.iter().enumerate().map(move |(at, it)| (&it.id, key(at)))
    }
}

/// Deploys what is new: files first, as they may import one another.
pub(super) fn deploy(cx: &mut Cx<'_, Process>, deployment_key: Key, models: Vec<CheckedModel<'_>>) {
    let mut files = Vec::new();
    for model in &models {
        let key = match &model.unchanged {
            Some((_, file, _)) => *file,
            None => cx.next_key(),
        };
        files.push(key);
        if model.unchanged.is_none() {
            let (resource_name, content) =
                (model.resource.resource_name.clone(), model.resource.content.clone());
            let content_hash = model.hash;
            let event = ResourceDeployed { deployment_key, resource_name, content, content_hash };
            cx.emit(key, event);
        }
    }
    let places = places(&models);
    let keys = |names: &[Arc<str>]| -> Vec<Key> {
        names.iter().filter_map(|it| files.get(*places.get(it)? as usize).copied()).collect()
    };
    for (model, file) in models.into_iter().zip(&files).filter(|(it, _)| it.unchanged.is_none()) {
        let imports = keys(&model.imports);
        deploy_model(cx, deployment_key, model, *file, imports);
    }
}

fn deploy_model(
    cx: &mut Cx<'_, Process>,
    deployment_key: Key,
    model: CheckedModel<'_>,
    resource_key: Key,
    imports: Vec<Key>,
) {
    let key = cx.next_key();
    let symbol = cx.symbols().find(&model.id);
    let rows = &cx.state().latest_decision_requirements;
    let version = next_version(symbol.and_then(|id| rows.get(&(cx.tenant(), id))));
    let event = DecisionRequirementsDeployed {
        deployment_key,
        resource_key,
        decision_requirements_id: model.id,
        name: model.name,
        version,
        imports,
    };
    cx.emit(key, event);
    for decision in model.decisions {
        let symbol = cx.symbols().find(&decision.id);
        let rows = &cx.state().latest_decisions;
        let version = next_version(symbol.and_then(|id| rows.get(&(cx.tenant(), id))));
        let event = DecisionDeployed {
            decision_requirements_key: key,
            version,
            decision_id: decision.id,
            name: decision.name,
            version_tag: decision.version_tag,
        };
        cx.emit(cx.next_key(), event);
    }
}

fn next_version(latest: Option<&LatestRow>) -> u32 {
    latest.map_or(1, |row| row.version.saturating_add(1))
}

fn file(resource: &Resource) -> dmn::Resource<'_> {
    dmn::Resource { name: &resource.resource_name, bytes: &resource.content.0 }
}

fn read<'a>(cx: &Cx<'_, Process>, resource: &'a Resource, model: &Model) -> CheckedModel<'a> {
    let mut checked = CheckedModel {
        resource,
        hash: *blake3::hash(&resource.content.0).as_bytes(),
        id: model.id().unwrap_or(model.name()).into(),
        name: model.name().into(),
        place: model.place(),
        decisions: model.decisions(),
        imports: model.resources().iter().skip(1).cloned().collect(),
        unchanged: None,
    };
    checked.unchanged = unchanged(cx, &checked);
    checked
}

/// Returns the newest version of a model if it came from the very same file and its decisions are the newest of their ids.
fn unchanged(cx: &Cx<'_, Process>, model: &CheckedModel<'_>) -> Option<(Key, Key, Vec<Key>)> {
    let (state, tenant) = (cx.state(), cx.tenant());
    let id = cx.symbols().find(&model.id)?;
    let key = state.latest_decision_requirements.get(&(tenant, id))?.definition;
    let file = state.decision_requirements.get(&key)?.resource;
    let row = state.resources.get(&file)?;
    if row.hash != model.hash || row.name != model.resource.resource_name {
        return None;
    }
    let newest = |decision: &DecisionInfo| {
        let newest = state.latest_decision(tenant, cx.symbols().find(&decision.id)?)?;
        (state.decisions.get(&newest)?.requirements == key).then_some(newest)
    };
    let decisions: Option<Vec<Key>> = model.decisions.iter().map(newest).collect();
    Some((key, file, decisions?))
}

/// A model is as new as the newest file that it imports.
fn forget_changed_imports(cx: &Cx<'_, Process>, models: &mut [CheckedModel<'_>]) {
    let places = places(models);
    let files: Vec<Option<Key>> =
        models.iter().map(|it| it.unchanged.as_ref().map(|(_, file, _)| *file)).collect();
    let file = |name: &Arc<str>| files.get(*places.get(name)? as usize).copied().flatten();
    for model in models {
        let Some((key, _, _)) = &model.unchanged else { continue };
        let before = cx.state().decision_requirements.get(key).map(|it| it.imports.as_slice());
        let now: Option<Vec<Key>> = model.imports.iter().map(file).collect();
        if before != now.as_deref() {
            model.unchanged = None;
        }
    }
}

/// Notes ids and file names that two files have.
fn check_ids(models: &[CheckedModel<'_>], problems: &mut Vec<String>) {
    let (mut names, mut ids, mut decisions) = (Places::new(), Places::new(), Places::new());
    for (place, model) in (0..).zip(models) {
        let name = &model.resource.resource_name;
        let mut check = |seen: &mut Places, what: &str, id: &Arc<str>, at: (u32, u32)| {
            let first = seen.insert(id.clone(), place).and_then(|it| models.get(it as usize));
            if let Some(first) = first.map(|it| &it.resource.resource_name) {
                let (line, column) = at;
                problems.push(format!(
                    "{name}:{line}:{column}: expected {what} that no other file has, found '{id}' in {first} too"
                ));
            }
        };
        check(&mut names, "a file name", name, (1, 1));
        check(&mut ids, "an id of decision requirements", &model.id, model.place);
        for decision in &model.decisions {
            check(&mut decisions, "a decision id", &decision.id, (decision.line, decision.column));
        }
        if model.id.is_empty() {
            let (line, column) = model.place;
            problems.push(format!(
                "{name}:{line}:{column}: expected an id or a name of the definitions, found none"
            ));
        }
    }
}

/// Where something with a name stands among the models.
type Places = BTreeMap<Arc<str>, u32>;

fn places(models: &[CheckedModel<'_>]) -> Places {
    let mut places = Places::new();
    places.extend(models.iter().map(|it| it.resource.resource_name.clone()).zip(0..));
    places
}

const IMPORT: &[u8] = b"import";
