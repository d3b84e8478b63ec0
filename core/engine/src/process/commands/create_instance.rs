//! `instance.create`: creates an instance of a process.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::feel::Context;
use crate::kernel::Cx;
use crate::process::lifecycle::{self, Begin};
use crate::process::state::DefinitionRow;
use crate::process::{Process, rejections};
use crate::record::{Key, Rejection};

/// Create an instance of a process, by id or by definition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateInstance {
    /// The id of the process; the newest version unless one is named.
    #[serde(rename = "pr", default, skip_serializing_if = "Option::is_none")]
    pub process_id: Option<Arc<str>>,
    /// The version of the process with this id.
    #[serde(rename = "vn", default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The definition, instead of an id.
    #[serde(rename = "pd", default, skip_serializing_if = "Option::is_none")]
    pub process_definition_key: Option<Key>,
    /// The variables to begin with.
    #[serde(rename = "vs")]
    pub variables: Context,
    /// The user's own labels.
    #[serde(rename = "tg", default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Arc<str>>>,
    /// The user's own id.
    #[serde(rename = "bi", default, skip_serializing_if = "Option::is_none")]
    pub business_id: Option<Arc<str>>,
}

/// Creates the instance at its none start event.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &CreateInstance) -> Result<(), Rejection> {
    check_tags(it)?;
    let (definition, row) = check(cx, it)?;
    let (models, state, symbols) = cx.cache();
    let model = models.get(state, symbols, definition);
    let start = model.as_ref().and_then(|it| it.element(it.scope(it.root())?.none_start?));
    let Some(start) = start else {
        let reason =
            format!("expected process {definition} to have a none start event, found none");
        return Err(Rejection::new(rejections::NONE_START_EVENT_MISSING, reason));
    };
    let begin = Begin {
        tags: it.tags.clone(),
        business_id: it.business_id.clone(),
        variables: it.variables.clone(),
        payload: None,
    };
    lifecycle::begin(cx, definition, &row, start, begin, |_, _| ());
    Ok(())
}

/// Finds the definition: by its key, or by process and version.
fn check(cx: &Cx<'_, Process>, it: &CreateInstance) -> Result<(Key, DefinitionRow), Rejection> {
    let (state, tenant) = (cx.state(), cx.tenant());
    let (found, named) = match (it.process_definition_key, &it.process_id) {
        (Some(key), None) => (Some(key), format!("process definition {key}")),
        (None, Some(id)) => {
            let process_id = cx.symbols().find(id);
            let find = |process_id| match it.version {
                Some(version) => {
                    state.definition_versions.get(&(tenant, process_id, version)).copied()
                }
                None => state.latest_definition(tenant, process_id),
            };
            (process_id.and_then(find), name(id, it.version))
        }
        (Some(_), Some(_)) => return Err(not_named("both")),
        (None, None) => return Err(not_named("neither")),
    };
    let row = found.and_then(|key| Some((key, state.definitions.get(&key)?.clone())));
    row.filter(|(_, row)| row.tenant == tenant).ok_or_else(|| {
        let reason = format!("expected {named}, found none");
        Rejection::new(rejections::PROCESS_NOT_FOUND, reason)
    })
}

fn not_named(found: &str) -> Rejection {
    let reason = format!("expected the id of a process or the key of a definition, found {found}");
    Rejection::new(rejections::PROCESS_NOT_NAMED, reason)
}

fn name(process_id: &str, version: Option<u32>) -> String {
    match version {
        Some(version) => format!("version {version} of process '{process_id}'"),
        None => format!("process '{process_id}'"),
    }
}

fn check_tags(it: &CreateInstance) -> Result<(), Rejection> {
    let tags = it.tags.as_deref().unwrap_or_default();
    if tags.len() > TAGS_MAX || tags.iter().any(|it| it.is_empty() || it.len() > TAG_BYTES_MAX) {
        let reason =
            format!("expected at most {TAGS_MAX} tags of 1 to {TAG_BYTES_MAX} bytes, found others");
        return Err(Rejection::new(rejections::TAGS_NOT_VALID, reason).blame("tags"));
    }
    Ok(())
}

const TAGS_MAX: usize = 10;
const TAG_BYTES_MAX: usize = 100;
