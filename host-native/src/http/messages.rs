//! Messages and what waits for them.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use dacapo_engine::process::Event;
use dacapo_engine::process::commands::{CorrelateMessage, PublishMessage};
use serde_json::json;

use super::body::{Optional, Required};
use super::search::{MESSAGE_SUBSCRIPTIONS, SearchBody};
use super::submit::caller;
use super::wire::variables;
use super::{Api, Problem, reads, requests, rows};

/// Publishes a message.
pub async fn publish(
    State(api): State<Api>,
    headers: HeaderMap,
    Required(body): Required<requests::PublishMessage>,
) -> Result<Response, Problem> {
    let caller = caller(&headers, body.tenant_id.as_deref())?;
    let time_to_live_ms = body.time_to_live.unwrap_or(0);
    if time_to_live_ms < 0 {
        let detail = format!("timeToLive: expected 0 or more, found {time_to_live_ms}");
        return Err(Problem::malformed("timeToLive", detail));
    }
    let command = PublishMessage {
        message_name: body.name.into(),
        correlation_key: body.correlation_key.unwrap_or_default().into(),
        time_to_live_ms,
        message_id: body.message_id.filter(|it| !it.is_empty()).map(Into::into),
        variables: variables(body.variables.as_deref(), "variables")?,
    };
    let accepted = api.must_submit(command, None, caller).await?;
    let key = accepted.events().find_map(|(key, event)| match event {
        Event::MessagePublished(_) => Some(key.to_string()),
        _ => None,
    });
    let answer = json!({ "messageKey": key, "tenantId": accepted.tenant() });
    Ok(accepted.header(Json(answer)))
}

/// Gives a message to who waits for it now.
pub async fn correlate(
    State(api): State<Api>,
    headers: HeaderMap,
    Required(body): Required<requests::CorrelateMessage>,
) -> Result<Response, Problem> {
    let caller = caller(&headers, body.tenant_id.as_deref())?;
    let command = CorrelateMessage {
        message_name: body.name.into(),
        correlation_key: body.correlation_key.unwrap_or_default().into(),
        variables: variables(body.variables.as_deref(), "variables")?,
    };
    let accepted = api.must_submit(command, None, caller).await?;
    let found = accepted.events().find_map(|(_, event)| match event {
        Event::MessageSubscriptionCorrelated(it) => Some((it.message_key, it.process_instance_key)),
        Event::StartSubscriptionCorrelated(it) => Some((it.message_key, it.process_instance_key)),
        _ => None,
    });
    let Some((message, instance)) = found else {
        return Err(Problem::internal("expected an instance that got the message, found none"));
    };
    Ok(accepted.header(Json(json!({
        "messageKey": message.to_string(),
        "processInstanceKey": instance.to_string(),
        "tenantId": accepted.tenant(),
    }))))
}

/// Finds what waits or waited for a message.
pub async fn search_subscriptions(
    State(api): State<Api>,
    Optional(body): Optional<SearchBody>,
) -> Result<Response, Problem> {
    let query = body.check(&MESSAGE_SUBSCRIPTIONS)?.query;
    reads::search(&api, query, rows::message_subscription).await
}
