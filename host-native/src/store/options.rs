//! Which store, and what it needs to know.

use std::path::PathBuf;
use std::sync::Arc;

use dacapo_engine::kernel::Machine;
use dacapo_engine::record::{Durability, Field, Intent};
use dacapo_log::wire;

use super::StoreError;

/// What a store is opened with.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// The address: `postgres://user@host/database`, `sqlite:path/to/file` or `memory:`. That of PostgreSQL takes the `sslmode`,
    /// `sslrootcert`, `sslcert` and `sslkey` of libpq.
    pub url: String,
    /// Where reads go, if elsewhere: a transaction pooler before the same PostgreSQL.
    pub reader_url: Option<String>,
    /// What an acknowledgement means: [`Durability::Local`], or [`Durability::Relaxed`] for development.
    pub durability: Durability,
    /// How many connections serve reads at most.
    pub readers_max: u32,
    /// The names that the log knows.
    pub names: Names,
}

/// The names behind the numbers and letters of the log.
#[derive(Clone, Debug, Default)]
pub struct Names {
    commands: Arc<[Intent]>,
    events: Arc<[Intent]>,
    fields: Arc<[Field]>,
}

/// An address, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// A PostgreSQL server.
    Postgres(String),
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// Nothing lasting.
    Memory,
}

impl StoreOptions {
    /// Opens a store with durable commits and eight readers.
    pub fn new(url: impl Into<String>, names: Names) -> Self {
        Self {
            url: url.into(),
            reader_url: None,
            durability: Durability::Local,
            readers_max: 8,
            names,
        }
    }

    pub(super) fn address(&self) -> Result<Address, StoreError> {
        let url = self.url.as_str();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Address::Postgres(url.to_owned()));
        }
        if url == "memory:" {
            return Ok(Address::Memory);
        }
        let path = url.strip_prefix("sqlite:").map(|it| it.strip_prefix("//").unwrap_or(it));
        match path {
            Some(path) if !path.is_empty() => Ok(Address::Sqlite(path.into())),
            _ => Err(StoreError::Url { url: without_password(url) }),
        }
    }
}

impl Names {
    /// Collects the names of a machine: its intents, and the fields that its author lists.
    pub fn of<M: Machine>(fields: &[Field]) -> Self {
        Self {
            commands: wire::commands::<M>().into(),
            events: wire::events::<M>().into(),
            fields: fields.into(),
        }
    }

    /// Finds the command or control record with a name.
    pub(super) fn command(&self, name: &str) -> Option<&'static str> {
        self.commands.iter().find(|it| it.name == name).map(|it| it.name)
    }

    /// Lists intents with their kind, number and name.
    pub(super) fn intents(&self) -> impl Iterator<Item = (&'static str, u16, &'static str)> {
        let commands = self.commands.iter().map(|it| ("command", it.number, it.name));
        commands.chain(self.events.iter().map(|it| ("event", it.number, it.name)))
    }

    /// Lists fields with their scope: 0 for those of the kernel, 1 for those of the machine.
    pub(super) fn fields(&self) -> impl Iterator<Item = (i32, Field)> {
        let kernel = wire::kernel_fields().iter().map(|it| (0, *it));
        kernel.chain(self.fields.iter().map(|it| (1, *it)))
    }
}

/// Returns the address as it may be shown.
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find('/').unwrap_or(rest.len());
    let Some(at) = rest[..end].rfind('@') else { return url.to_owned() };
    let user = rest[..at].split(':').next().unwrap_or_default();
    format!("{scheme}://{user}{}", &rest[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_address_has_no_password() {
        assert_eq!(without_password("postgres://me:p@ss@host/db"), "postgres://me@host/db");
        assert_eq!(without_password("postgres://host/db"), "postgres://host/db");
        assert_eq!(without_password("sqlite:file"), "sqlite:file");
    }

    #[test]
    fn addresses_are_told_apart() {
        let address = |url: &str| StoreOptions::new(url, Names::default()).address();
        assert_eq!(address("sqlite:a.db").unwrap(), Address::Sqlite("a.db".into()));
        assert_eq!(address("sqlite:///tmp/a.db").unwrap(), Address::Sqlite("/tmp/a.db".into()));
        assert_eq!(address("memory:").unwrap(), Address::Memory);
        assert!(matches!(address("postgresql://x/y").unwrap(), Address::Postgres(_)));
        assert!(address("mysql://x").is_err());
        assert!(address("sqlite:").is_err());
    }
}
