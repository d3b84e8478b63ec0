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
        let others = resources.iter().enumerate().filter(|(other, _)| *other != at);
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
pub(super) fn deploy(cx: &mut Cx<'_, Process>, deployment: Key, models: Vec<CheckedModel<'_>>) {
    let mut files: BTreeMap<Arc<str>, Key> = BTreeMap::new();
    for model in &models {
        let name = model.resource.resource_name.clone();
        if let Some((_, file, _)) = &model.unchanged {
            files.insert(name, *file);
            continue;
        }
        let key = cx.next_key();
        let (content, content_hash) = (model.resource.content.clone(), model.hash);
        files.insert(name.clone(), key);
        let event = ResourceDeployed {
            deployment_key: deployment,
            resource_name: name,
            content,
            content_hash,
        };
        cx.emit(key, event);
    }
    for model in models.into_iter().filter(|it| it.unchanged.is_none()) {
        deploy_model(cx, deployment, model, &files);
    }
}

fn deploy_model(
    cx: &mut Cx<'_, Process>,
    deployment_key: Key,
    model: CheckedModel<'_>,
    files: &BTreeMap<Arc<str>, Key>,
) {
    let key = cx.next_key();
    let symbol = cx.symbols().find(&model.id);
    let rows = &cx.state().latest_decision_requirements;
    let version = next_version(symbol.and_then(|id| rows.get(&(cx.tenant(), id))));
    let event = DecisionRequirementsDeployed {
        deployment_key,
        resource_key: files.get(&model.resource.resource_name).copied().unwrap_or_default(),
        decision_requirements_id: model.id,
        name: model.name,
        version,
        imports: model.imports.iter().filter_map(|it| files.get(it).copied()).collect(),
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
    let files = models.iter().map(|it| {
        (it.resource.resource_name.clone(), it.unchanged.as_ref().map(|(_, file, _)| *file))
    });
    let files: BTreeMap<_, _> = files.collect();
    for model in models {
        let Some((key, _, _)) = &model.unchanged else { continue };
        let before = cx.state().decision_requirements.get(key).map(|it| it.imports.as_slice());
        let now: Option<Vec<Key>> =
            model.imports.iter().map(|name| files.get(name).copied().flatten()).collect();
        if before != now.as_deref() {
            model.unchanged = None;
        }
    }
}

/// Notes ids and file names that two files have.
fn check_ids(models: &[CheckedModel<'_>], problems: &mut Vec<String>) {
    let mut seen: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for model in models {
        let name = &*model.resource.resource_name;
        let decisions = model.decisions.iter().map(|it| ("a decision id", &*it.id));
        let own = [("a file name", name), ("an id of decision requirements", &*model.id)];
        for (what, id) in own.into_iter().chain(decisions) {
            if let Some(first) = seen.insert((what, id), name) {
                problems.push(format!(
                    "{name}: expected {what} that no other file has, found '{id}' in {first} too"
                ));
            }
        }
        if model.id.is_empty() {
            problems
                .push(format!("{name}: expected an id or a name of the definitions, found none"));
        }
    }
}
