//! `start_subscription.correlated`: a message began an instance.

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{InstanceRow, State};
use crate::record::Key;

/// A message began an instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartSubscriptionCorrelated {
    /// The message.
    #[serde(rename = "mk")]
    pub message_key: Key,
    /// The instance that it began.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(
    state: &mut Evolve<'_, State>,
    it: &StartSubscriptionCorrelated,
) -> Result<(), Corrupt> {
    let tables = &mut state.tables;
    let Some(message) = tables.messages.get(&it.message_key) else {
        return Err(missing(state, "the message of start subscription"));
    };
    let correlation_key = message.correlation.correlation_key.clone();
    let Some(instance) = tables.instances.get(&it.process_instance_key) else {
        return Err(missing(state, "the instance of start subscription"));
    };
    let (tenant, process_id) = (instance.tenant, instance.process_id);
    tables.message_takers.insert((it.message_key, process_id), ());
    if !correlation_key.is_empty() {
        let lock = (tenant, process_id, correlation_key.clone());
        tables.message_locks.insert(lock, it.process_instance_key);
        let begin = |it: &mut InstanceRow| it.begun_by = Some(correlation_key);
        tables.instances.update(&it.process_instance_key, begin);
    }
    Ok(())
}
