//! Deployed processes and what begins their instances.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Bytes, State};
use crate::kernel::{Symbol, visit_fields};
use crate::record::Key;

/// One version of a process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefinitionRow {
    /// Whose.
    pub tenant: Symbol,
    /// The id of the process.
    pub process_id: Symbol,
    /// Counts from 1 per tenant and process.
    pub version: u32,
    /// The file that it stands in.
    pub resource: Key,
    /// The deployment that brought it.
    pub deployment: Key,
}
visit_fields!(DefinitionRow, "definition" { tenant, process_id, version, resource, deployment });

/// The newest version of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatestRow {
    /// Its number.
    pub version: u32,
    /// Its definition.
    pub definition: Key,
}
visit_fields!(LatestRow, "latest" { version, definition });

/// A deployed file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceRow {
    /// Its name.
    pub name: Arc<str>,
    /// Its content.
    pub content: Bytes,
    /// The BLAKE3 hash of its content.
    pub hash: [u8; 32],
}
visit_fields!(ResourceRow, "resource" { name, content, hash });

/// A message start event of the newest version of a process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartSubscriptionRow {
    /// The definition.
    pub definition: Key,
    /// The start event.
    pub element: Symbol,
    /// The message that it waits for.
    pub message_name: Arc<str>,
}
visit_fields!(StartSubscriptionRow, "start_subscription" { definition, element, message_name });

impl State {
    /// Returns the newest version of a process.
    #[inline]
    pub(crate) fn latest_definition(&self, tenant: Symbol, process_id: Symbol) -> Option<Key> {
        self.latest_definitions.get(&(tenant, process_id)).map(|row| row.definition)
    }

    /// Returns the start subscriptions of a definition.
    #[inline]
    pub(crate) fn start_subscriptions_of(&self, definition: Key) -> alloc::vec::Vec<Key> {
        let range = self.start_subscriptions_of.range(super::owned(definition));
        range.map(|((_, key), ())| *key).collect()
    }
}
