//! `message.published`: a message is there.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::feel::Context;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{Correlation, MessageRow, State, is_false};
use crate::record::Timestamp;

/// A message is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessagePublished {
    /// The name of the message.
    #[serde(rename = "mn")]
    pub message_name: Arc<str>,
    /// What tells one receiver from others; empty for none.
    #[serde(rename = "ck")]
    pub correlation_key: Arc<str>,
    /// The id that its sender gave it.
    #[serde(rename = "mi", default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<Arc<str>>,
    /// When it expires.
    #[serde(rename = "dl")]
    pub deadline: Timestamp,
    /// What it carries.
    #[serde(rename = "vs")]
    pub variables: Context,
    /// Whether somebody waits for it and will be served.
    #[serde(rename = "pn", default, skip_serializing_if = "is_false")]
    pub is_pending: bool,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &MessagePublished) -> Result<(), Corrupt> {
    let correlation = Correlation {
        tenant: state.at.tenant,
        name: it.message_name.clone(),
        correlation_key: it.correlation_key.clone(),
    };
    let row = MessageRow {
        correlation,
        message_id: it.message_id.clone(),
        variables: it.variables.clone(),
        published: state.at.timestamp,
        deadline: it.deadline,
        is_pending: it.is_pending,
    };
    state.tables.add_message(state.at.key, row);
    Ok(())
}
