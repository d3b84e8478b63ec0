//! What people try out on a state without changing it: an expression, or a message that nobody has sent.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::expressions::{Sight, Visible};
use super::messages::{self, Receiver};
use super::state::{Correlation, State};
use crate::feel::{self, Env, EvaluationError, Expression, ParseError, Stop, Value, Warning};
use crate::kernel::View;
use crate::record::{Key, Timestamp};

/// What came of an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Its value.
    pub value: Value,
    /// Why parts of it are null.
    pub warnings: Vec<Warning>,
}

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LabError {
    /// It is not FEEL.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// It takes too long, or grows too large.
    #[error("{error}{}{values}", place(stop.as_ref()))]
    Evaluation {
        /// What happened.
        error: EvaluationError,
        /// Where it ended.
        stop: Option<Stop>,
        /// The values of its variables, as messages end.
        values: String,
    },
}

/// Who would get a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taker {
    /// What waits: a subscription, or a start subscription.
    pub subscription_key: Key,
    /// The event that waits.
    pub element_id: Arc<str>,
    /// The process.
    pub process_id: Arc<str>,
    /// The instance that waits; none for a start event, which would begin one.
    pub process_instance_key: Option<Key>,
    /// The definition of the instance or start event.
    pub process_definition_key: Key,
    /// What it waits for.
    pub message_name: Arc<str>,
    /// What the message must carry; none for a start event, which takes any.
    pub correlation_key: Option<Arc<str>>,
}

/// Evaluates an expression with the variables that are visible in a scope, or with none.
///
/// # Errors
///
/// The text is not an expression, or its evaluation does not end in time.
pub fn try_expression(
    view: &View<'_, State>,
    scope: Option<Key>,
    source: &str,
    now: Timestamp,
) -> Result<Evaluation, LabError> {
    let expression = Expression::parse(expression_in(source))?;
    let visible = Visible {
        state: view.tables,
        symbols: &view.kernel.symbols,
        sight: Sight { scope, found: None },
    };
    let mut env = Env::new(now.0);
    let value = feel::evaluate(&expression, &visible, &mut env);
    match value {
        Ok(value) => Ok(Evaluation { value, warnings: env.warnings }),
        Err(error) => {
            let (stop, values) = (env.stop().cloned(), expression.values_in(&visible));
            Err(LabError::Evaluation { error, stop, values })
        }
    }
}

/// Returns what of a text is the expression, to which places in warnings refer: without blanks around it and a leading `=`.
pub fn expression_in(source: &str) -> &str {
    let source = source.trim();
    source.strip_prefix('=').unwrap_or(source)
}

fn place(stop: Option<&Stop>) -> String {
    stop.map(|it| format!("; {it}")).unwrap_or_default()
}

/// Lists who would get a message that is published now: of each process the instance that has waited longest, and the start
/// events. None of them gets anything.
pub fn takers(
    view: &View<'_, State>,
    tenant: &str,
    name: &str,
    correlation_key: &str,
) -> Vec<Taker> {
    let Some(tenant) = view.kernel.symbols.find(tenant) else { return Vec::new() };
    let correlation =
        Correlation { tenant, name: name.into(), correlation_key: correlation_key.into() };
    let waiting = messages::all_waiting(view.tables, &correlation);
    let starting = messages::all_starting(view.tables, &correlation);
    waiting.into_iter().chain(starting).filter_map(|it| taker(view, it)).collect()
}

/// Lists all that waits for messages: running instances by the age of their wait, then start events.
pub fn waits_for_messages(view: &View<'_, State>) -> Vec<Taker> {
    let waiting = view.tables.subscriptions.iter().map(|(key, _)| Receiver::Waiting(*key));
    let starting = view.tables.start_subscriptions.iter().map(|(key, _)| Receiver::Start(*key));
    waiting.chain(starting).filter_map(|it| taker(view, it)).collect()
}

fn taker(view: &View<'_, State>, receiver: Receiver) -> Option<Taker> {
    let (tables, symbols) = (view.tables, &view.kernel.symbols);
    match receiver {
        Receiver::Waiting(subscription_key) => {
            let row = tables.subscriptions.get(&subscription_key)?;
            Some(Taker {
                subscription_key,
                element_id: symbols.name(row.element),
                process_id: symbols.name(row.process_id),
                process_instance_key: Some(row.instance),
                process_definition_key: tables.instances.get(&row.instance)?.definition,
                message_name: row.correlation.name.clone(),
                correlation_key: Some(row.correlation.correlation_key.clone()),
            })
        }
        Receiver::Start(subscription_key) => {
            let row = tables.start_subscriptions.get(&subscription_key)?;
            Some(Taker {
                subscription_key,
                element_id: symbols.name(row.element),
                process_id: symbols.name(tables.definitions.get(&row.definition)?.process_id),
                process_instance_key: None,
                process_definition_key: row.definition,
                message_name: row.message_name.clone(),
                correlation_key: None,
            })
        }
    }
}
