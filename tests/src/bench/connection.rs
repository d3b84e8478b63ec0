//! A keep-alive connection that costs next to nothing: the server shares the machine with whoever asks it.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A connection over which one request at a time is sent.
pub struct Connection {
    stream: TcpStream,
    host: String,
    sent: Vec<u8>,
    read: Vec<u8>,
}

impl Connection {
    /// Connects to `127.0.0.1:40123`.
    ///
    /// # Panics
    /// Nobody listens there.
    pub async fn open(host: &str) -> Self {
        let stream = TcpStream::connect(host).await.expect("a connection");
        stream.set_nodelay(true).expect("a socket without delay");
        Self { stream, host: host.to_owned(), sent: Vec::new(), read: Vec::new() }
    }

    /// Posts JSON and returns the body of the answer.
    ///
    /// # Panics
    /// The answer is no success, or none at all.
    pub async fn post(&mut self, path: &str, body: &str) -> &str {
        self.sent.clear();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.host,
            body.len()
        );
        self.sent.extend_from_slice(head.as_bytes());
        self.sent.extend_from_slice(body.as_bytes());
        self.stream.write_all(&self.sent).await.expect("the request is sent");
        self.answer().await
    }

    async fn answer(&mut self) -> &str {
        self.read.clear();
        let (start, length) = loop {
            let count = self.stream.read_buf(&mut self.read).await.expect("an answer");
            assert!(count > 0, "the server hung up");
            let Some(end) = self.read.windows(4).position(|it| it == b"\r\n\r\n") else { continue };
            let head = std::str::from_utf8(&self.read[..end]).expect("a head of ASCII");
            break (end + 4, length(head));
        };
        while self.read.len() < start + length {
            let count = self.stream.read_buf(&mut self.read).await.expect("a body");
            assert!(count > 0, "the server hung up");
        }
        let text = std::str::from_utf8(&self.read).expect("UTF-8");
        assert!(text.starts_with("HTTP/1.1 2"), "{text}");
        &text[start..]
    }
}

fn length(head: &str) -> usize {
    let lines = head.lines().filter_map(|it| it.split_once(':'));
    let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    lengths.next().map_or(0, |(_, value)| value.trim().parse().expect("a length"))
}
