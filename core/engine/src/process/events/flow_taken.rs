//! `flow.taken`: a token left an element by a sequence flow.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{ElementRow, State};
use crate::record::Key;

/// A token left an element by a sequence flow of the scope that this record is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowTaken {
    /// The flow.
    #[serde(rename = "fl")]
    pub flow_id: Arc<str>,
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
    /// The element at its end, if the token waits there for tokens of other flows.
    #[serde(rename = "jn", default, skip_serializing_if = "Option::is_none")]
    pub joins: Option<Arc<str>>,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &FlowTaken) -> Result<(), Corrupt> {
    let scope = state.at.key;
    let add = |row: &mut ElementRow| row.tokens = row.tokens.saturating_add(1);
    if !state.tables.elements.update(&scope, add) {
        return Err(missing(state, "scope"));
    }
    if let Some(element) = &it.joins {
        let key = (scope, state.symbols.intern(element), state.symbols.intern(&it.flow_id));
        let count = state.tables.taken_flows.get(&key).copied().unwrap_or(0);
        state.tables.taken_flows.insert(key, count.saturating_add(1));
    }
    Ok(())
}
