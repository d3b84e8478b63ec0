//! PostgreSQL over an encrypted connection, as hosted databases ask for it (`sslmode` of libpq, PostgreSQL manual 34.19).

use std::io::Write as _;
use std::net::TcpListener;

use dacapo::store::{Store, StoreError, StoreOptions};
use dacapo_tests::postgres::Cluster;
use rcgen::{CertifiedKey, generate_simple_self_signed};

use crate::fixture::{PARTITION, TTL, names};

/// A certificate that is known and names the host is taken, and then no connection goes without it.
#[tokio::test]
async fn postgres_is_used_over_tls() {
    let server = Server::start();
    let store = server.open(&server.verified("localhost")).await.unwrap();
    store.bootstrap(PARTITION, 1).await.unwrap();
    let head = store.appender(PARTITION).acquire("here".into(), TTL).await.unwrap();
    assert_eq!(head.position.0, 0);
    let connections = server.connections();
    assert!(
        connections.contains("dacapo control|t") && !connections.contains("|f"),
        "{connections}"
    );
    store.close().await;
}

/// A certificate of another name, of nobody known, or none at all is refused before anything is said.
#[tokio::test]
async fn postgres_with_another_certificate_is_refused() {
    let server = Server::start();
    let unknown = server.address("localhost", "sslmode=verify-full");
    for (url, expected) in
        [(server.verified("127.0.0.1"), "not valid for name"), (unknown, "UnknownIssuer")]
    {
        let refused = server.open(&url).await.unwrap_err().to_string();
        assert!(refused.contains(expected), "expected {expected:?} in {refused}");
    }
    assert_eq!(server.connections(), "");
}

/// A server with TLS, and the certificate that it shows.
struct Server {
    cluster: Cluster,
    database: String,
    port: u16,
    certificate: tempfile::NamedTempFile,
}

impl Server {
    fn start() -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = [
            ("listen_addresses", "127.0.0.1"),
            ("port", &port.to_string()),
            ("ssl", "on"),
            ("ssl_cert_file", "server.crt"),
            ("ssl_key_file", "server.key"),
        ];
        let files = [("server.crt", &*cert.pem()), ("server.key", &*signing_key.serialize_pem())];
        let cluster = Cluster::start_with(&settings, &files).unwrap();
        let database = cluster.database();
        let mut certificate = tempfile::NamedTempFile::new().unwrap();
        certificate.write_all(cert.pem().as_bytes()).unwrap();
        Self { cluster, database, port, certificate }
    }

    fn address(&self, host: &str, options: &str) -> String {
        format!("postgres://dacapo@{host}:{}/{}?{options}", self.port, self.database)
    }

    fn verified(&self, host: &str) -> String {
        let root = self.certificate.path().display();
        self.address(host, &format!("sslmode=verify-full&sslrootcert={root}"))
    }

    async fn open(&self, url: &str) -> Result<Store, StoreError> {
        Store::open(StoreOptions::new(url.to_owned(), names())).await
    }

    /// Lists who is connected, and whether over TLS.
    fn connections(&self) -> String {
        let sql = "SELECT application_name, ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
            WHERE usename = 'dacapo'";
        self.cluster.sql(&self.database, sql).unwrap()
    }
}
