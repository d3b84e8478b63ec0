//! `instance.created`: a process instance began.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{ElementRow, InstanceRow, State};
use crate::record::Key;

/// A process instance began; it is its own outermost scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstanceCreated {
    /// The definition.
    #[serde(rename = "pd")]
    pub process_definition_key: Key,
    /// The id of the process.
    #[serde(rename = "pr")]
    pub process_id: Arc<str>,
    /// The version.
    #[serde(rename = "vn")]
    pub version: u32,
    /// The user's own labels.
    #[serde(rename = "tg", default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Arc<str>>>,
    /// The user's own id.
    #[serde(rename = "bi", default, skip_serializing_if = "Option::is_none")]
    pub business_id: Option<Arc<str>>,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &InstanceCreated) -> Result<(), Corrupt> {
    let (key, tenant) = (state.at.key, state.at.tenant);
    let process_id = state.symbols.intern(&it.process_id);
    let row = InstanceRow {
        tenant,
        definition: it.process_definition_key,
        process_id,
        elements: 1,
        begun_by: None,
        business_id: it.business_id.clone(),
        tags: it.tags.clone().unwrap_or_default(),
    };
    state.tables.instances.insert(key, row);
    state.tables.elements.insert(key, ElementRow::process(key, process_id));
    Ok(())
}
