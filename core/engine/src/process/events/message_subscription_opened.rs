//! `message_subscription.opened`: an instance waits for a message.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use super::missing;
use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{Correlation, State, SubscriptionRow};
use crate::record::Key;

/// An instance waits for a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageSubscriptionOpened {
    /// The name of the message.
    #[serde(rename = "mn")]
    pub message_name: Arc<str>,
    /// What a message must carry to be meant.
    #[serde(rename = "ck")]
    pub correlation_key: Arc<str>,
    /// The event that waits.
    #[serde(rename = "e")]
    pub element_id: Arc<str>,
    /// The element instance that it belongs to.
    #[serde(rename = "ei")]
    pub element_instance_key: Key,
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(
    state: &mut Evolve<'_, State>,
    it: &MessageSubscriptionOpened,
) -> Result<(), Corrupt> {
    let Some(instance) = state.tables.instances.get(&it.process_instance_key) else {
        return Err(missing(state, "the instance of subscription"));
    };
    let correlation = Correlation {
        tenant: state.at.tenant,
        name: it.message_name.clone(),
        correlation_key: it.correlation_key.clone(),
    };
    let row = SubscriptionRow {
        correlation,
        element: state.symbols.intern(&it.element_id),
        element_instance: it.element_instance_key,
        instance: it.process_instance_key,
        process_id: instance.process_id,
    };
    state.tables.add_subscription(state.at.key, row);
    Ok(())
}
