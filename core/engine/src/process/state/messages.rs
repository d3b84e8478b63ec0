//! Messages, and what waits for them.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{State, owned};
use crate::feel::Context;
use crate::kernel::{Symbol, visit_fields};
use crate::record::{Key, Timestamp};

/// What a message is about: only a wait of the same tenant, name and correlation key finds it. Names are not interned,
/// because whoever publishes may make up any number of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Correlation {
    /// Whose.
    pub tenant: Symbol,
    /// The name of the message.
    pub name: Arc<str>,
    /// What tells one receiver from others; empty for none.
    pub correlation_key: Arc<str>,
}
visit_fields!(Correlation, "correlation" { tenant, name, correlation_key });

/// A published message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageRow {
    /// What it is about.
    pub correlation: Correlation,
    /// The id that its sender gave it.
    pub message_id: Option<Arc<str>>,
    /// What it carries.
    pub variables: Context,
    /// When it was published.
    pub published: Timestamp,
    /// When it expires.
    pub deadline: Timestamp,
    /// Whether those who waited for it are being served.
    pub is_pending: bool,
}
visit_fields!(MessageRow, "message" { correlation, message_id, variables, published, deadline, is_pending });

/// What waits for a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionRow {
    /// What it waits for.
    pub correlation: Correlation,
    /// The event that waits.
    pub element: Symbol,
    /// The element instance that it belongs to.
    pub element_instance: Key,
    /// The process instance.
    pub instance: Key,
    /// The process.
    pub process_id: Symbol,
}
visit_fields!(SubscriptionRow, "subscription" { correlation, element, element_instance, instance, process_id });

impl State {
    /// Adds a message.
    #[inline]
    pub(crate) fn add_message(&mut self, key: Key, row: MessageRow) {
        self.messages_by_correlation.insert((row.correlation.clone(), key), ());
        self.message_deadlines.insert((row.deadline, key), ());
        if let Some(id) = &row.message_id {
            self.message_ids.insert((row.correlation.clone(), id.clone()), key);
        }
        if row.is_pending {
            self.messages_pending.insert((row.published, key), ());
        }
        self.messages.insert(key, row);
    }

    /// Removes a message.
    #[inline]
    pub(crate) fn remove_message(&mut self, key: Key) -> Option<MessageRow> {
        let row = self.messages.remove(&key)?;
        self.messages_by_correlation.remove(&(row.correlation.clone(), key));
        self.message_deadlines.remove(&(row.deadline, key));
        self.messages_pending.remove(&(row.published, key));
        if let Some(id) = &row.message_id {
            self.message_ids.remove(&(row.correlation.clone(), id.clone()));
        }
        let takers: Vec<_> =
            self.message_takers.range(super::named(key)).map(|(it, ())| *it).collect();
        for it in &takers {
            self.message_takers.remove(it);
        }
        Some(row)
    }

    /// Adds a subscription.
    #[inline]
    pub(crate) fn add_subscription(&mut self, key: Key, row: SubscriptionRow) {
        self.subscriptions_by_correlation
            .insert((row.correlation.clone(), row.process_id, key), ());
        self.subscriptions_of.insert((row.element_instance, key), ());
        self.subscriptions.insert(key, row);
    }

    /// Removes a subscription.
    #[inline]
    pub(crate) fn remove_subscription(&mut self, key: Key) -> Option<SubscriptionRow> {
        let row = self.subscriptions.remove(&key)?;
        self.subscriptions_by_correlation.remove(&(row.correlation.clone(), row.process_id, key));
        self.subscriptions_of.remove(&(row.element_instance, key));
        Some(row)
    }

    /// Returns the subscriptions of an element instance.
    #[inline]
    pub(crate) fn subscriptions_of(&self, element: Key) -> Vec<Key> {
        self.subscriptions_of.range(owned(element)).map(|((_, key), ())| *key).collect()
    }
}
