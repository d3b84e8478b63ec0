//! Who may ask: a server without authentication answers programs of this machine, not web pages of strangers.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{Api, Problem};

/// Refuses what a web page of another site sends, and names of other people that lead to this machine.
pub async fn check(State(api): State<Api>, request: Request, next: Next) -> Response {
    match refusal(request.headers(), request.uri().host(), api.address.ip().is_loopback()) {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    }
}

/// The same for a server that this machine alone may ask.
pub async fn check_local(request: Request, next: Next) -> Response {
    match refusal(request.headers(), request.uri().host(), true) {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    }
}

fn refusal(headers: &HeaderMap, host_of_uri: Option<&str>, is_loopback: bool) -> Option<Problem> {
    // What is no text is no host of ours.
    let text = |name| headers.get(name).map(|it| it.to_str().unwrap_or("?"));
    let authority = text(header::HOST);
    let host = host_of_uri.or_else(|| authority.map(host_of));
    if is_loopback && host.is_some_and(|it| !is_local(it)) {
        let detail = format!("expected the host localhost, found '{}'", host.unwrap_or_default());
        return Some(Problem::new(StatusCode::FORBIDDEN, "FORBIDDEN", detail));
    }
    let origin = text(header::ORIGIN)?;
    let site = origin.split_once("://").map(|(_, it)| it);
    if site.is_some() && site == authority {
        return None;
    }
    let detail = format!("expected a request of this origin, found one of '{origin}'");
    Some(Problem::new(StatusCode::FORBIDDEN, "FORBIDDEN", detail))
}

fn host_of(authority: &str) -> &str {
    let Some(rest) = authority.strip_prefix('[') else {
        return authority.split(':').next().unwrap_or_default();
    };
    rest.split(']').next().unwrap_or_default()
}

fn is_local(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    let name = host.to_ascii_lowercase();
    let is_name = name == "localhost" || name.ends_with(".localhost");
    is_name || host.parse::<std::net::IpAddr>().is_ok_and(|it| it.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(host: &'static str, origin: Option<&'static str>, is_loopback: bool) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().expect("a header"));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().expect("a header"));
        }
        refusal(&headers, None, is_loopback).is_some()
    }

    #[test]
    fn strangers_are_refused() {
        assert!(!is_refused("127.0.0.1:8080", None, true));
        assert!(!is_refused("[::1]:8080", None, true));
        assert!(!is_refused("engine.localhost", None, true));
        assert!(is_refused("evil.example:8080", None, true));
        assert!(is_refused("éévil", None, true));
        assert!(!is_refused("engine.example", None, false));
        assert!(!is_refused("localhost:80", Some("http://localhost:80"), true));
        assert!(is_refused("localhost:80", Some("https://evil.example"), true));
        assert!(is_refused("engine.example", Some("null"), false));
    }
}
