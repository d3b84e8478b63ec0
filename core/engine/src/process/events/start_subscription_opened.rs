//! `start_subscription.opened`: a message start event waits for messages.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{StartSubscriptionRow, State};
use crate::record::Key;

/// A message start event waits for messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartSubscriptionOpened {
    /// The definition.
    #[serde(rename = "pd")]
    pub process_definition_key: Key,
    /// The start event.
    #[serde(rename = "e")]
    pub element_id: Arc<str>,
    /// The name of the message.
    #[serde(rename = "mn")]
    pub message_name: Arc<str>,
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(
    state: &mut Evolve<'_, State>,
    it: &StartSubscriptionOpened,
) -> Result<(), Corrupt> {
    let (key, tenant, definition) = (state.at.key, state.at.tenant, it.process_definition_key);
    let (element, message_name) = (state.symbols.intern(&it.element_id), it.message_name.clone());
    let tables = &mut state.tables;
    tables.start_subscriptions_by_name.insert((tenant, message_name.clone(), key), ());
    tables.start_subscriptions_of.insert((definition, key), ());
    let row = StartSubscriptionRow { definition, element, message_name };
    tables.start_subscriptions.insert(key, row);
    Ok(())
}
