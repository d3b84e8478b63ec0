//! Throw-away PostgreSQL clusters, made of the binaries that are installed. Without them the tests fail, they do not skip.
//!
//! A cluster listens on a Unix socket in its own directory and is removed when its [`Cluster`] is dropped or the test process
//! ends, however it ends: a watchdog waits for the end of a pipe that only this process holds open.

use std::fs;
use std::io::{Error, Result};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// A running cluster.
#[derive(Debug)]
pub struct Cluster {
    binaries: PathBuf,
    directory: PathBuf,
    port: String,
    user: Option<(u32, u32)>,
    watchdog: Option<Child>,
    databases: AtomicU32,
}

/// Returns the cluster that the tests of this process share.
pub fn shared() -> &'static Cluster {
    static CLUSTER: LazyLock<Cluster> = LazyLock::new(|| {
        Cluster::start(&[])
            .expect("expected a local PostgreSQL 14 or later in PATH or /usr/lib/postgresql")
    });
    &CLUSTER
}

impl Cluster {
    /// Makes a cluster with these settings beside the usual ones and starts it.
    ///
    /// # Errors
    /// If there are no binaries, or the server does not start; with its own words.
    pub fn start(settings: &[(&str, &str)]) -> Result<Self> {
        Self::start_with(settings, &[])
    }

    /// As [`Cluster::start`], with these files in the data directory, which nobody else may read.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub fn start_with(settings: &[(&str, &str)], files: &[(&str, &str)]) -> Result<Self> {
        let directory = tempfile::Builder::new().prefix("dacapo-pg-").tempdir_in("/tmp")?.keep();
        let user = unprivileged(&directory)?;
        if let Some((user, group)) = user {
            chown(&directory, Some(user), Some(group))?;
        }
        let port = settings.iter().find(|(name, _)| *name == "port").map_or("5432", |it| it.1);
        let mut cluster = Self {
            binaries: find_binaries()?,
            port: port.to_owned(),
            directory,
            user,
            watchdog: None,
            databases: AtomicU32::new(0),
        };
        let data = cluster.data();
        cluster.run("initdb", |it| {
            it.args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8"]);
            it.args(["--locale=C.UTF-8", "--pgdata"]).arg(&data)
        })?;
        files.iter().try_for_each(|(name, content)| cluster.place(name, content))?;
        cluster.watchdog = Some(cluster.watch()?);
        cluster.configure(settings)?;
        cluster.boot()?;
        cluster.sql("postgres", "CREATE ROLE dacapo LOGIN")?;
        Ok(cluster)
    }

    /// Makes an empty database that the ordinary role `dacapo` may use, and returns its name.
    pub fn database(&self) -> String {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name} OWNER dacapo")).unwrap();
        name
    }

    /// Makes a copy of a database to which no one is connected, and returns its name.
    pub fn copy_of(&self, template: &str) -> String {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name} OWNER dacapo TEMPLATE {template}"))
            .unwrap();
        name
    }

    /// Returns the address of a database for a role.
    pub fn url(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}@localhost/{database}?host={}", self.directory.display())
    }

    /// Runs SQL as the superuser and returns what `psql` printed, unaligned.
    ///
    /// # Errors
    /// What `psql` said.
    pub fn sql(&self, database: &str, sql: &str) -> Result<String> {
        let output = self.run("psql", |it| {
            it.args([
                "-XqAt",
                "-v",
                "ON_ERROR_STOP=1",
                "-U",
                "postgres",
                "-d",
                database,
                "-c",
                sql,
            ]);
            it.arg("-h").arg(&self.directory).args(["-p", &self.port])
        })?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Stops the server as a power cut would, and starts it again.
    ///
    /// # Errors
    /// If it does not come back.
    pub fn crash_and_restart(&self) -> Result<()> {
        self.control(&["stop", "-m", "immediate"])?;
        self.boot()
    }

    fn boot(&self) -> Result<()> {
        let log = self.directory.join("server.log");
        self.control(&["start", "-l", &log.to_string_lossy()])
    }

    fn control(&self, arguments: &[&str]) -> Result<()> {
        let mut command = self.command("pg_ctl");
        command.args(["--silent", "--wait", "--timeout=60", "--pgdata"]).arg(self.data());
        // the server keeps what it inherits, so it must not inherit a pipe
        let status =
            command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        if status.success() {
            return Ok(());
        }
        let log = fs::read_to_string(self.directory.join("server.log")).unwrap_or_default();
        Err(Error::other(format!("pg_ctl {arguments:?} failed:\n{log}")))
    }

    fn configure(&self, settings: &[(&str, &str)]) -> Result<()> {
        let socket = self.directory.display().to_string();
        let usual = [
            ("listen_addresses", ""),
            ("unix_socket_directories", socket.as_str()),
            ("shared_buffers", "64MB"),
            ("max_connections", "200"),
            ("max_wal_size", "1GB"),
            ("log_min_messages", "warning"),
        ];
        let lines =
            usual.iter().chain(settings).map(|(name, value)| format!("{name} = '{value}'\n"));
        let path = self.data().join("postgresql.auto.conf");
        fs::write(path, lines.collect::<String>())
    }

    fn place(&self, name: &str, content: &str) -> Result<()> {
        let path = self.data().join(name);
        fs::write(&path, content)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        match self.user {
            Some((user, group)) => chown(&path, Some(user), Some(group)),
            None => Ok(()),
        }
    }

    fn watch(&self) -> Result<Child> {
        let script = r#"cat > /dev/null; "$0/pg_ctl" --silent --pgdata "$1/data" -m immediate stop; rm -rf "$1""#;
        let mut command = self.command("sh");
        command.args(["-c", script]).arg(&self.binaries).arg(&self.directory);
        command.process_group(0).current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
    }

    fn run(
        &self,
        program: &str,
        arguments: impl FnOnce(&mut Command) -> &mut Command,
    ) -> Result<Output> {
        let mut command = self.command(program);
        let output = arguments(&mut command).output()?;
        if output.status.success() {
            return Ok(output);
        }
        Err(Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
    }

    fn command(&self, program: &str) -> Command {
        let path = match program {
            "sh" => PathBuf::from("/bin/sh"),
            other => self.binaries.join(other),
        };
        let mut command = Command::new(path);
        command.current_dir(&self.directory).env("TZ", "UTC").env_remove("PGOPTIONS");
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut watchdog) = self.watchdog.take() {
            drop(watchdog.stdin.take());
            _ = watchdog.wait();
        }
    }
}

/// Returns the user who may run a server, if it is not the one who owns `directory`: a server refuses to run as root.
fn unprivileged(directory: &Path) -> Result<Option<(u32, u32)>> {
    if fs::metadata(directory)?.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let line = users.lines().find(|line| line.starts_with("postgres:"));
    let ids = line.and_then(|line| {
        let mut words = line.split(':').skip(2);
        Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
    });
    ids.map(Some)
        .ok_or_else(|| Error::other("expected a user postgres to run the server as, found none"))
}

/// Finds the newest binaries.
fn find_binaries() -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut candidates: Vec<(u32, PathBuf)> = Vec::new();
    for entry in fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten() {
        let version = entry.file_name().to_string_lossy().parse().unwrap_or_default();
        candidates.push((version, entry.path().join("bin")));
    }
    candidates.extend(std::env::split_paths(&path).map(|it| (0, it)));
    candidates.retain(|(_, path)| path.join("initdb").exists() && path.join("pg_ctl").exists());
    candidates.sort_by_key(|(version, _)| *version);
    let newest = candidates
        .pop()
        .ok_or_else(|| Error::other("expected initdb and pg_ctl, found neither"))?;
    Ok(newest.1)
}
