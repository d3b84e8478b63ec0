//! What the server says about itself.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Api, Problem};

/// Answers with a cluster of one broker that leads its one partition.
pub async fn topology(State(api): State<Api>) -> Json<Value> {
    let standing = api.partition.standing();
    let (role, health, state) = if standing.is_leading() {
        ("leader", "healthy", "active")
    } else {
        ("inactive", "unhealthy", "recovering")
    };
    let version = GATEWAY_VERSION;
    Json(json!({
        "brokers": [{
            "nodeId": 0,
            "brokerId": "0",
            "host": api.address.ip().to_string(),
            "port": api.address.port(),
            "partitions": [{ "partitionId": 1, "role": role, "health": health, "state": state }],
            "version": version,
        }],
        "clusterId": null,
        "clusterSize": 1,
        "partitionsCount": 1,
        "replicationFactor": 1,
        "gatewayVersion": version,
        "lastCompletedChangeId": "-1",
    }))
}

/// Answers 204 while commands are taken, else 503.
pub async fn status(State(api): State<Api>) -> Result<StatusCode, Problem> {
    let standing = api.partition.standing();
    if standing.is_leading() {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::unavailable(standing.to_string()))
}

/// Answers that no licence is needed.
pub async fn license() -> Json<Value> {
    Json(json!({
        "validLicense": true,
        "licenseType": "MIT OR Apache-2.0",
        "isCommercial": false,
        "expiresAt": null,
    }))
}

/// Answers who asks: nobody in particular, for there is no authentication.
pub async fn authentication() -> Json<Value> {
    let tenant = json!({
        "tenantId": "<default>", "name": "Default", "description": null,
    });
    Json(json!({
        "username": "anonymous",
        "displayName": null,
        "email": null,
        "authorizedComponents": ["*"],
        "tenants": [tenant],
        "groups": [],
        "roles": [],
        "salesPlanType": null,
        "c8Links": {},
        "canLogout": false,
    }))
}

/// The version of the API that clients look for; ours is in a header of every answer.
pub const GATEWAY_VERSION: &str = "8.9.0";
