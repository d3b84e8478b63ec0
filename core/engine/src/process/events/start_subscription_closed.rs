//! `start_subscription.closed`: a message start event waits no longer.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::State;
use crate::record::Key;

/// A message start event waits no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartSubscriptionClosed {
    /// The definition.
    #[serde(rename = "pd")]
    pub process_definition_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(
    state: &mut Evolve<'_, State>,
    it: &StartSubscriptionClosed,
) -> Result<(), Corrupt> {
    let (key, tenant) = (state.at.key, state.at.tenant);
    let Some(row) = state.tables.start_subscriptions.remove(&key) else {
        return Err(missing(state, "start subscription"));
    };
    state.tables.start_subscriptions_by_name.remove(&(tenant, row.message_name, key));
    state.tables.start_subscriptions_of.remove(&(it.process_definition_key, key));
    Ok(())
}
