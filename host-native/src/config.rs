//! What a server is told: flags over environment over file over defaults.
//!
//! Every setting has one name: `data-dir` in the file, `--data-dir` as a flag, `DACAPO_DATA_DIR` in the environment.

mod file;
mod nearest;

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};

use dacapo_engine::record::Durability;

pub use nearest::nearest;

/// What a server runs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where HTTP is served; port 0 lets the system choose.
    pub http: SocketAddr,
    /// Where the log is.
    pub store: StoreAddress,
    /// Whether the clock may be moved through the API (`PUT /v2/clock`).
    pub has_dev_clock: bool,
    /// What an acknowledgement means.
    pub durability: Durability,
    /// The filter of diagnostics, as `info` or `dacapo=debug`.
    pub log: String,
    /// Whether diagnostics are one JSON object a line.
    pub has_json_log: bool,
}

/// Where the log is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreAddress {
    /// The file `dacapo.db` in a folder, which is made if it does not exist.
    Folder(PathBuf),
    /// A database: `sqlite://…`, `postgres://…`, or `memory:` (nothing survives).
    Url(String),
}

/// Settings as one source gives them: anything may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// See [`Config::http`].
    pub http: Option<String>,
    /// See [`StoreAddress::Folder`].
    pub data_dir: Option<PathBuf>,
    /// See [`StoreAddress::Url`].
    pub database_url: Option<String>,
    /// Whether other machines may reach a server that asks nobody who they are.
    pub insecure: Option<bool>,
    /// See [`Config::has_dev_clock`].
    pub dev_clock: Option<bool>,
    /// See [`Config::durability`].
    pub durability: Option<Durability>,
    /// See [`Config::log`].
    pub log: Option<String>,
    /// See [`Config::has_json_log`].
    pub log_format: Option<LogFormat>,
}

/// How diagnostics look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// A line of text.
    Text,
    /// One JSON object a line.
    Json,
}

/// Why settings do not make a configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("expected a configuration file at {}: {error}", path.display())]
    Unreadable {
        /// Where it was looked for.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{origin}: expected TOML: {message}")]
    Syntax {
        /// File, line and column.
        origin: String,
        /// What the parser says.
        message: String,
    },
    /// A key means nothing here.
    #[error("{origin}: expected a known setting, found `{key}`{}", did_you_mean(*.suggestion))]
    UnknownKey {
        /// File, line and column.
        origin: String,
        /// The key.
        key: String,
        /// The known key that looks most like it.
        suggestion: Option<&'static str>,
    },
    /// A value is not of its setting's kind.
    #[error("{origin}: expected {expected} for `{key}`, found `{found}`")]
    Value {
        /// File, line and column, or the name of the variable.
        origin: String,
        /// The setting.
        key: &'static str,
        /// What the setting takes.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// One source names two stores.
    #[error("{origin}: expected one of `data-dir` and `database-url`, found both")]
    TwoStores {
        /// The source.
        origin: &'static str,
    },
    /// The address to listen on is none.
    #[error("expected an address and port such as 127.0.0.1:8080 for `http`, found `{found}`")]
    Address {
        /// What stands there.
        found: String,
    },
    /// Everybody on the network could do everything.
    #[error(
        "expected a loopback address for `http`, found {found}: the server asks nobody who they are; \
         put an authenticating proxy before it and allow the address with --insecure"
    )]
    Exposed {
        /// The address.
        found: SocketAddr,
    },
}

impl Settings {
    /// Reads a TOML file.
    ///
    /// # Errors
    /// The file cannot be read, is not TOML, has an unknown key or a value of the wrong kind.
    pub fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })?;
        file::parse(&text, path)
    }

    /// Reads the variables `DACAPO_…`; an empty one counts as missing.
    ///
    /// # Errors
    /// A variable holds a value of the wrong kind.
    pub fn from_variables(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut settings = Self::default();
        for key in KEYS {
            let name = variable(key);
            let Some(value) = get(&name).filter(|it| !it.is_empty()) else { continue };
            settings.set(key, &value, &name)?;
        }
        settings.check_store("the environment")?;
        Ok(settings)
    }

    /// Fills what is missing here with what `below` has. The two settings of the store count as one.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        let has_store = self.data_dir.is_some() || self.database_url.is_some();
        let store = if has_store {
            (self.data_dir, self.database_url)
        } else {
            (below.data_dir, below.database_url)
        };
        Self {
            http: self.http.or(below.http),
            data_dir: store.0,
            database_url: store.1,
            insecure: self.insecure.or(below.insecure),
            dev_clock: self.dev_clock.or(below.dev_clock),
            durability: self.durability.or(below.durability),
            log: self.log.or(below.log),
            log_format: self.log_format.or(below.log_format),
        }
    }

    /// Sets `key` to what `value` says; `origin` tells where it stands.
    ///
    /// # Errors
    /// The key is unknown, or the value is not of its kind.
    pub fn set(&mut self, key: &str, value: &str, origin: &str) -> Result<(), ConfigError> {
        let wrong = |key, expected| ConfigError::Value {
            origin: origin.to_owned(),
            key,
            expected,
            found: value.to_owned(),
        };
        match key {
            "http" => self.http = Some(value.to_owned()),
            "data-dir" => self.data_dir = Some(value.into()),
            "database-url" => {
                let url =
                    database_url(value).ok_or(wrong("database-url", DATABASE_URL_EXPECTED))?;
                self.database_url = Some(url);
            }
            "insecure" => {
                self.insecure = Some(value.parse().or(Err(wrong("insecure", BOOLEAN_EXPECTED)))?);
            }
            "dev-clock" => {
                self.dev_clock = Some(value.parse().or(Err(wrong("dev-clock", BOOLEAN_EXPECTED)))?);
            }
            "durability" => {
                let durability =
                    durability(value).ok_or(wrong("durability", DURABILITY_EXPECTED))?;
                self.durability = Some(durability);
            }
            "log" => self.log = Some(value.to_owned()),
            "log-format" => {
                let format = log_format(value).ok_or(wrong("log-format", LOG_FORMAT_EXPECTED))?;
                self.log_format = Some(format);
            }
            _ => return Err(unknown_key(key, origin.to_owned())),
        }
        Ok(())
    }

    /// Checks that one source names one store.
    ///
    /// # Errors
    /// It names two.
    pub fn check_store(&self, origin: &'static str) -> Result<(), ConfigError> {
        if self.data_dir.is_some() && self.database_url.is_some() {
            return Err(ConfigError::TwoStores { origin });
        }
        Ok(())
    }

    /// Returns where the log is; by default in the folder `.dacapo`.
    pub fn store(&self) -> StoreAddress {
        match (&self.database_url, &self.data_dir) {
            (Some(url), _) => StoreAddress::Url(url.clone()),
            (None, Some(folder)) => StoreAddress::Folder(folder.clone()),
            (None, None) => StoreAddress::Folder(DATA_DIR_DEFAULT.into()),
        }
    }

    /// Completes the settings with the defaults.
    ///
    /// # Errors
    /// The address is none, or not a loopback address without `insecure`.
    pub fn complete(self) -> Result<Config, ConfigError> {
        let store = self.store();
        let http = address(self.http.as_deref().unwrap_or(HTTP_DEFAULT))?;
        if !http.ip().is_loopback() && self.insecure != Some(true) {
            return Err(ConfigError::Exposed { found: http });
        }
        let durability = match &store {
            StoreAddress::Url(url) if url == MEMORY_URL => Durability::Memory,
            _ => self.durability.unwrap_or(Durability::Local),
        };
        Ok(Config {
            http,
            store,
            has_dev_clock: self.dev_clock.unwrap_or(false),
            durability,
            log: self.log.unwrap_or_else(|| LOG_DEFAULT.to_owned()),
            has_json_log: self.log_format == Some(LogFormat::Json),
        })
    }
}

impl StoreAddress {
    /// Returns the URL of the database.
    pub fn url(&self) -> String {
        match self {
            Self::Folder(folder) => format!("sqlite://{}", folder.join(DATABASE_FILE).display()),
            Self::Url(url) => url.clone(),
        }
    }

    /// Returns the URL without a password, for people.
    pub fn shown(&self) -> String {
        let url = self.url();
        let Some((scheme, rest)) = url.split_once("://") else { return url };
        match rest.split_once('@') {
            Some((user, host)) => {
                let name = user.split(':').next().unwrap_or_default();
                format!("{scheme}://{name}@{host}")
            }
            None => url,
        }
    }
}

/// Returns the name of a setting's variable: `DACAPO_DATA_DIR` for `data-dir`.
pub fn variable(key: &str) -> String {
    format!("{VARIABLE_PREFIX}{}", key.to_ascii_uppercase().replace('-', "_"))
}

/// Reads a level of durability.
pub fn durability(value: &str) -> Option<Durability> {
    match value {
        "local" => Some(Durability::Local),
        "relaxed" => Some(Durability::Relaxed),
        _ => None,
    }
}

/// Reads how diagnostics look.
pub fn log_format(value: &str) -> Option<LogFormat> {
    match value {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}

/// Returns the URL if it names a kind of database that there is a store for.
pub fn database_url(value: &str) -> Option<String> {
    let is_known = value == MEMORY_URL
        || ["sqlite:", "postgres://", "postgresql://"].iter().any(|it| value.starts_with(it));
    is_known.then(|| value.to_owned())
}

fn unknown_key(key: &str, origin: String) -> ConfigError {
    ConfigError::UnknownKey { origin, key: key.to_owned(), suggestion: nearest(key, &KEYS) }
}

fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(
        || format!("; known are {}", KEYS.join(", ")),
        |it| format!("; did you mean `{it}`?"),
    )
}

fn address(text: &str) -> Result<SocketAddr, ConfigError> {
    let wrong = || ConfigError::Address { found: text.to_owned() };
    text.to_socket_addrs().map_err(|_| wrong())?.next().ok_or_else(wrong)
}

/// Every setting, as it is named in the file.
pub const KEYS: [&str; 8] = [
    "http",
    "data-dir",
    "database-url",
    "insecure",
    "dev-clock",
    "durability",
    "log",
    "log-format",
];

/// What the name of every variable begins with.
pub const VARIABLE_PREFIX: &str = "DACAPO_";

/// The configuration file that is read if nothing else is said.
pub const FILE_DEFAULT: &str = "dacapo.toml";

/// The URL of a store that forgets.
pub const MEMORY_URL: &str = "memory:";

/// What a database URL looks like.
pub const DATABASE_URL_EXPECTED: &str =
    "sqlite://<file>, postgres://<user>@<host>/<database> or memory:";

const HTTP_DEFAULT: &str = "127.0.0.1:8080";
const DATA_DIR_DEFAULT: &str = ".dacapo";
const DATABASE_FILE: &str = "dacapo.db";
const LOG_DEFAULT: &str = "info";
const BOOLEAN_EXPECTED: &str = "true or false";
const DURABILITY_EXPECTED: &str = "local or relaxed";
const LOG_FORMAT_EXPECTED: &str = "text or json";

#[cfg(test)]
mod tests;
