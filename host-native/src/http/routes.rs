//! The switchboard: which operation is served by which handler.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, get, on, patch, post, put};

use super::{
    Api, OPERATIONS, Operation, Problem, clock, cluster, counting, decisions, definitions,
    deployments, elements, files, guard, headers, incidents, instances, jobs, limit, live, log,
    messages, probes, problem, process_instances, studio,
};

/// Makes the router of everything.
pub fn router(api: Api) -> Router {
    let mut router = Router::new();
    for operation in OPERATIONS {
        let handler = served(operation).unwrap_or_else(|| unserved(operation));
        router = router.route(&format!("{BASE}{}", operation.path), handler);
    }
    for (method, path, name) in ALIASES {
        let operation = OPERATIONS.iter().find(|it| it.name == *name);
        if let Some(operation) = operation {
            let alias = Operation { method, ..*operation };
            let handler = served(&alias).unwrap_or_else(|| unserved(operation));
            router = router.route(path, handler);
        }
    }
    router
        .merge(own())
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(limit::bound))
        .layer(from_fn_with_state(api.clone(), guard::check))
        .layer(from_fn(problem::finish))
        .layer(from_fn(counting::count))
        .layer(map_response(version))
        .with_state(api)
}

/// Lists the operations that are answered with 501.
pub fn unserved_operations() -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().filter(|it| served(it).is_none())
}

/// The paths of our own, beside the API.
fn own() -> Router<Api> {
    Router::new()
        .route("/", get(studio::page))
        .route("/icon.svg", get(studio::icon))
        .route("/assets/{name}", get(studio::file))
        .route("/v1/log", get(log::read))
        .route("/v1/log/file", get(files::whole))
        .route("/v1/log/live", get(live::live))
        .route("/v1/instances/{instanceKey}/why", get(instances::explain))
        .route("/v1/instances/{instanceKey}/state", get(instances::state))
        .route("/v1/instances/{instanceKey}/export", get(files::of_instance))
        .route("/v1/rejections", get(log::rejections))
        .route("/v1/requests/{requestId}", get(log::of_request))
        .route("/v1/clock/acceptance", post(clock::accept))
        .route("/live", get(probes::live))
        .route("/ready", get(probes::ready))
        .route("/startup", get(probes::ready))
        .route("/metrics", get(probes::counters))
        .route("/actuator/health", get(probes::ready))
        .route("/actuator/health/liveness", get(probes::live))
        .route("/actuator/health/readiness", get(probes::ready))
        .route("/actuator/prometheus", get(probes::counters))
}

fn served(operation: &Operation) -> Option<MethodRouter<Api>> {
    Some(match operation.name {
        "getTopology" => get(cluster::topology),
        "getStatus" => get(cluster::status),
        "getLicense" => get(cluster::license),
        "getAuthentication" => get(cluster::authentication),
        "createDeployment" => post(deployments::deploy),
        "searchProcessDefinitions" => post(definitions::search),
        "getProcessDefinition" => get(definitions::get),
        "getProcessDefinitionXml" => get(definitions::xml),
        "getProcessDefinitionElementStatistics" => post(definitions::statistics),
        "createProcessInstance" => post(process_instances::create),
        "cancelProcessInstance" => post(process_instances::cancel),
        "searchProcessInstances" => post(process_instances::search),
        "getProcessInstance" => get(process_instances::get),
        "getProcessInstanceElementStatistics" => get(process_instances::statistics),
        "searchProcessInstanceIncidents" => post(incidents::search_of_instance),
        "searchElementInstances" => post(elements::search),
        "getElementInstance" => get(elements::get),
        "searchElementInstanceIncidents" => post(incidents::search_of_element),
        "setElementInstanceVariables" => put(elements::set_variables),
        "searchVariables" => post(elements::search_variables),
        "getVariable" => get(elements::get_variable),
        "activateJobs" => post(jobs::activate),
        "completeJob" => post(jobs::complete),
        "failJob" => post(jobs::fail),
        "throwJobError" => post(jobs::throw_error),
        "updateJob" => patch(jobs::update),
        "searchJobs" => post(incidents::search_jobs),
        "publishMessage" => post(messages::publish),
        "correlateMessage" => post(messages::correlate),
        "searchMessageSubscriptions" => post(messages::search_subscriptions),
        "searchIncidents" => post(incidents::search),
        "getIncident" => get(incidents::get),
        "resolveIncident" => post(incidents::resolve),
        "evaluateDecision" => post(decisions::evaluate),
        "searchDecisionDefinitions" => post(decisions::search_definitions),
        "getDecisionDefinition" => get(decisions::definition),
        "getDecisionDefinitionXml" => get(decisions::definition_xml),
        "searchDecisionRequirements" => post(decisions::search_requirements),
        "getDecisionRequirements" => get(decisions::requirements),
        "getDecisionRequirementsXml" => get(decisions::requirements_xml),
        "searchDecisionInstances" => post(decisions::search_instances),
        "getDecisionInstance" => get(decisions::instance),
        "pinClock" => put(clock::pin),
        "resetClock" => post(clock::reset),
        _ => return None,
    })
}

fn unserved(operation: &'static Operation) -> MethodRouter<Api> {
    let method = Method::from_bytes(operation.method.as_bytes()).unwrap_or_default();
    let filter = MethodFilter::try_from(method).unwrap_or(MethodFilter::GET);
    on(filter, move || async move {
        let Operation { name, method, path } = operation;
        let detail =
            format!("the operation {name} ({method} {BASE}{path}) is not part of this server");
        Problem::new(StatusCode::NOT_IMPLEMENTED, "NOT_IMPLEMENTED", detail)
    })
}

async fn version(mut response: Response) -> Response {
    let version = HeaderValue::from_static(env!("CARGO_PKG_VERSION"));
    response.headers_mut().insert(headers::VERSION, version);
    response
}

/// Paths that released clients use although the description of the API has others.
const ALIASES: &[(&str, &str, &str)] = &[
    ("PATCH", "/v2/user-tasks/{userTaskKey}/update", "updateUserTask"),
    ("POST", "/v2/documents/{documentId}/link", "createDocumentLink"),
];

/// What the path of every operation begins with.
pub const BASE: &str = "/v2";
