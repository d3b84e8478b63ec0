//! Talks to a running server.

use std::time::Duration;

use clap::Args;
use reqwest::{Method, Response, StatusCode, Url};
use serde_json::Value;

use super::failure::{Exit, Failure};

/// Which server.
#[derive(Args, Clone, Debug)]
pub struct ServerArgs {
    /// The server's address [env: DACAPO_ADDRESS, else CAMUNDA_REST_ADDRESS] [default: http://127.0.0.1:8080]
    #[arg(long, value_name = "URL")]
    pub address: Option<String>,
}

/// A connection to a server.
pub struct Client {
    http: reqwest::Client,
    base: Url,
}

impl ServerArgs {
    /// Makes the client for the address of the flag, the environment, or the default.
    pub fn client(&self) -> Result<Client, Failure> {
        let variable = |name| std::env::var(name).ok().filter(|it| !it.is_empty());
        let address = self
            .address
            .clone()
            .or_else(|| variable("DACAPO_ADDRESS"))
            .or_else(|| variable("CAMUNDA_REST_ADDRESS"));
        Client::new(address.as_deref().unwrap_or(ADDRESS_DEFAULT))
    }
}

impl Client {
    /// Makes a client; `address` may end with `/v2`, as the addresses of Camunda clients may.
    pub fn new(address: &str) -> Result<Self, Failure> {
        let trimmed = address.trim_end_matches('/');
        let trimmed = trimmed.strip_suffix("/v2").unwrap_or(trimmed);
        let with_scheme =
            if trimmed.contains("://") { trimmed.to_owned() } else { format!("http://{trimmed}") };
        let wrong = || {
            Failure::usage(format!(
                "expected an address such as http://127.0.0.1:8080, found `{address}`"
            ))
        };
        let base = Url::parse(&with_scheme).map_err(|_| wrong())?;
        if base.scheme() != "http" || !base.has_host() {
            return Err(wrong());
        }
        let mut builder = reqwest::Client::builder().connect_timeout(CONNECT_TIMEOUT);
        if is_local(&base) {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|it| Failure::refused(it.to_string()))?;
        Ok(Self { http, base })
    }

    /// Returns the address without a slash at the end.
    pub fn address(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// Gets JSON.
    pub async fn get(&self, path: &str) -> Result<Value, Failure> {
        self.json(Method::GET, path, None).await
    }

    /// Posts JSON and returns the answer's, or `null` if it has no body.
    pub async fn post(&self, path: &str, body: Value) -> Result<Value, Failure> {
        self.json(Method::POST, path, Some(body)).await
    }

    /// Posts files to be deployed.
    pub async fn deploy(&self, files: Vec<(String, Vec<u8>)>) -> Result<Value, Failure> {
        let mut form = reqwest::multipart::Form::new();
        for (name, content) in files {
            let part = reqwest::multipart::Part::bytes(content).file_name(name);
            form = form.part("resources", part);
        }
        let request = self.http.post(self.url("/v2/deployments")).multipart(form);
        let response = request.send().await.map_err(|it| self.unreachable(&it))?;
        self.body(self.accepted(response).await?).await
    }

    /// Gets an answer whose body is read piece by piece.
    pub async fn stream(&self, path: &str) -> Result<Response, Failure> {
        let response = self.http.get(self.url(path)).send().await;
        self.accepted(response.map_err(|it| self.unreachable(&it))?).await
    }

    /// Makes the failure of an answer that broke off.
    pub fn broken(&self, error: &reqwest::Error) -> Failure {
        Failure::new(
            Exit::Unreachable,
            format!(
                "expected more from {}, found the end of the connection: {error}",
                self.address()
            ),
        )
    }

    async fn json(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, Failure> {
        let mut request = self.http.request(method, self.url(path)).timeout(ANSWER_TIMEOUT);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.map_err(|it| self.unreachable(&it))?;
        self.body(self.accepted(response).await?).await
    }

    async fn body(&self, response: Response) -> Result<Value, Failure> {
        let bytes = response.bytes().await.map_err(|it| self.broken(&it))?;
        if bytes.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&bytes).map_err(|error| {
            Failure::refused(format!("expected JSON from {}, found: {error}", self.address()))
        })
    }

    /// Turns an answer that says no into a failure with its problem document.
    async fn accepted(&self, response: Response) -> Result<Response, Failure> {
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let bytes = response.bytes().await.unwrap_or_default();
        Err(refusal(status, &bytes))
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address())
    }

    fn unreachable(&self, error: &reqwest::Error) -> Failure {
        let cause = if error.is_timeout() { "no answer in time".to_owned() } else { root(error) };
        Failure::new(
            Exit::Unreachable,
            format!("expected a dacapo server at {}, found none: {cause}", self.address()),
        )
        .hint("start one:          dacapo dev")
        .hint("or name its address: --address http://host:port")
    }
}

fn refusal(status: StatusCode, body: &[u8]) -> Failure {
    let problem: Value = serde_json::from_slice(body).unwrap_or_default();
    let title = problem["title"].as_str().or(status.canonical_reason()).unwrap_or("refused");
    match problem["detail"].as_str() {
        Some(detail) => Failure::refused(format!("{title}: {detail}")),
        None => Failure::refused(format!("{title} ({})", status.as_u16())),
    }
}

/// Returns the innermost cause: what the system said.
fn root(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), root)
}

fn is_local(base: &Url) -> bool {
    let host = base.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|it| it.is_loopback())
}

const ADDRESS_DEFAULT: &str = "http://127.0.0.1:8080";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
