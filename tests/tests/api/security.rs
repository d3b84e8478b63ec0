//! Who is answered, and how long the server is patient.

use std::time::Duration;

use dacapo_tests::binary;
use dacapo_tests::server::Server;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[tokio::test]
async fn web_pages_of_strangers_are_refused() {
    let server = Server::start().await;
    let head = server.head().await;
    for (name, value) in
        [("origin", "https://evil.example"), ("origin", "null"), ("host", "evil.example")]
    {
        let request = server.request("POST", "/v2/messages/publication").header(name, value);
        Server::send(request.json(&json!({"name": "x"}))).await.problem(403);
    }
    assert_eq!(server.head().await, head);
    let own = server.request("GET", "/v2/topology").header("origin", &server.address);
    let answer = Server::send(own).await;
    answer.done();
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[test]
fn an_open_address_without_authentication_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let arguments = ["serve", "--http", "0.0.0.0:0", "--data-dir", "data"];
    let said = binary::run(&mut binary::command(folder.path(), arguments));
    assert_ne!(said.code, 0);
    assert!(said.err.contains("--insecure"), "{}", said.err);
}

#[tokio::test]
async fn an_empty_authorization_counts_as_none() {
    let server = Server::start().await;
    let request = server.request("GET", "/v2/topology").header("authorization", "");
    Server::send(request.header("content-type", "application/json")).await.done();
}

#[tokio::test]
async fn garbage_does_not_stop_the_server() {
    let server = Server::start().await;
    let address = server.address.trim_start_matches("http://").to_owned();
    for bytes in [
        "\0\0\0\0\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "POST /v2/clock HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n{",
    ] {
        let mut stream = TcpStream::connect(&address).await.expect("a connection");
        stream.write_all(bytes.as_bytes()).await.expect("bytes are sent");
        let mut answer = [0; 12];
        let _ = tokio::time::timeout(Duration::from_millis(300), stream.read(&mut answer)).await;
    }
    let head = server.head().await;
    assert!(head > 0);
}
