//! The server, run as its users run it: the real binary, a port and a log of its own, asked over HTTP.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use tempfile::TempDir;

use crate::binary;

/// A server that runs until it is dropped.
pub struct Server {
    /// Where it serves, as `http://127.0.0.1:40123`.
    pub address: String,
    /// Its data folder.
    pub folder: TempDir,
    client: Client,
    child: Child,
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Server {
    /// Starts a server with an empty log.
    ///
    /// # Panics
    /// It does not tell its address within a minute.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts a server with an empty log and further arguments.
    ///
    /// # Panics
    /// It does not tell its address within a minute.
    pub async fn start_with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self::start_in(folder, arguments).await
    }

    /// Starts a server in a folder.
    ///
    /// # Panics
    /// It does not tell its address within a minute.
    pub async fn start_in(folder: TempDir, arguments: &[&str]) -> Self {
        let fixed = ["--data-dir", "data"];
        Self::spawn(folder, &[&fixed, arguments].concat())
    }

    /// Starts a server on a database.
    ///
    /// # Panics
    /// It does not tell its address within a minute.
    pub async fn start_on(database_url: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self::spawn(folder, &["--database-url", database_url])
    }

    /// Starts a server whose clock is wrong, by as much as `faketime` reads from `+3h`.
    ///
    /// # Panics
    /// There is no `faketime`, or the server does not tell its address within a minute.
    pub async fn start_at(clock: &str, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut command = binary::command(folder.path(), SERVE.iter().chain(arguments));
        // The program of that name would be the parent of the server, and be killed instead of it.
        command.env("LD_PRELOAD", faketime()).env("FAKETIME", clock);
        Self::run(folder, command)
    }

    fn spawn(folder: TempDir, arguments: &[&str]) -> Self {
        let command = binary::command(folder.path(), SERVE.iter().chain(arguments));
        Self::run(folder, command)
    }

    fn run(folder: TempDir, mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server starts");
        let lines = binary::lines(child.stdout.take().expect("standard output is piped"));
        let address = loop {
            let line = lines.recv_timeout(START_MAX).expect("the server tells its address");
            let found = line.split_whitespace().find(|it| it.starts_with("http://"));
            if let Some(found) = found {
                break found.trim_end_matches("/v2").trim_end_matches('/').to_owned();
            }
        };
        let client = Client::builder().no_proxy().build().expect("a client");
        Self { address, folder, client, child }
    }

    /// Makes a request.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        self.client.request(method, format!("{}{path}", self.address))
    }

    /// Gets a path.
    pub async fn get(&self, path: &str) -> Answer {
        Self::send(self.request("GET", path)).await
    }

    /// Sends JSON.
    pub async fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.text(method, path, &body.to_string()).await
    }

    /// Posts JSON and expects it to be done; returns the answer's JSON, or null if it has no body.
    ///
    /// # Panics
    /// The answer is no success.
    pub async fn post(&self, path: &str, body: &Value) -> Value {
        self.call("POST", path, body).await.done()
    }

    /// Sends a text as it is, as JSON.
    pub async fn text(&self, method: &str, path: &str, body: &str) -> Answer {
        let request = self.request(method, path).header("content-type", "application/json");
        Self::send(request.body(body.to_owned())).await
    }

    /// Deploys one resource.
    ///
    /// # Panics
    /// The request cannot be sent.
    pub async fn deploy(&self, name: &str, content: &str) -> Answer {
        self.deploy_all(&[(name, content)]).await
    }

    /// Deploys files together.
    ///
    /// # Panics
    /// There is no answer.
    pub async fn deploy_all(&self, files: &[(&str, &str)]) -> Answer {
        let mut form = reqwest::multipart::Form::new();
        for (name, content) in files {
            let content = (*content).to_owned();
            let part = reqwest::multipart::Part::text(content).file_name((*name).to_owned());
            form = form.part("resources", part);
        }
        Self::send(self.request("POST", "/v2/deployments").multipart(form)).await
    }

    /// Returns the last position of the log.
    ///
    /// # Panics
    /// The server is not ready.
    pub async fn head(&self) -> u64 {
        self.get("/ready").await.done()["position"].as_u64().expect("a position")
    }

    /// Sends a request.
    ///
    /// # Panics
    /// There is no answer.
    pub async fn send(request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, text: response.text().await.expect("a body") }
    }

    /// Asks the server to stop; returns how it ended, and its folder.
    ///
    /// # Panics
    /// It does not end.
    pub fn stop(mut self) -> (Option<i32>, TempDir) {
        binary::terminate(&self.child);
        let code = self.child.wait().expect("the server ends").code();
        let fresh = tempfile::tempdir().expect("a temporary folder");
        (code, std::mem::replace(&mut self.folder, fresh))
    }

    /// Kills the server as a power cut would; returns its folder.
    ///
    /// # Panics
    /// It cannot be killed.
    pub fn kill(mut self) -> TempDir {
        self.child.kill().expect("the server runs");
        self.child.wait().expect("the server ends");
        let fresh = tempfile::tempdir().expect("a temporary folder");
        std::mem::replace(&mut self.folder, fresh)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone after `stop`; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    /// Returns the body as JSON; null if there is none.
    ///
    /// # Panics
    /// It is no JSON.
    pub fn json(&self) -> Value {
        if self.text.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("expected JSON, found {error} in {}", self.text))
    }

    /// Returns the body as JSON, of a success.
    ///
    /// # Panics
    /// It is none.
    pub fn done(&self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text);
        self.json()
    }

    /// Returns a header as text; empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
    }

    /// Returns the problem document, checked for what every one has.
    ///
    /// # Panics
    /// It is no problem document of that status.
    pub fn problem(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let document = self.json();
        for member in ["type", "title", "detail", "instance"] {
            assert!(document[member].is_string(), "{member}: {document}");
        }
        assert_eq!(document["status"], status, "{document}");
        document
    }
}

fn faketime() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").expect("a folder of libraries").flatten();
    let mut files = folders.map(|it| it.path().join("faketime/libfaketime.so.1"));
    files.find(|it| it.exists()).expect("expected the package faketime, found no libfaketime.so.1")
}

const SERVE: [&str; 3] = ["serve", "--http", "127.0.0.1:0"];
const START_MAX: Duration = Duration::from_secs(60);
