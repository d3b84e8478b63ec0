//! The settings of a server, from flags, environment and file.

use std::path::{Path, PathBuf};

use clap::Args;
use dacapo::config::{
    self, ConfigError, DATABASE_URL_EXPECTED, FILE_DEFAULT, LogFormat, Settings, VARIABLE_PREFIX,
};
use dacapo_engine::record::Durability;

use super::paint::Paint;

/// Where the log is.
#[derive(Args, Clone, Debug, Default)]
pub struct StoreArgs {
    /// The folder of the SQLite file, made if missing [env: DACAPO_DATA_DIR] [default: .dacapo]
    #[arg(long, value_name = "FOLDER", conflicts_with = "database_url")]
    pub data_dir: Option<PathBuf>,
    /// The database: sqlite://…, postgres://… or memory: [env: DACAPO_DATABASE_URL]
    #[arg(long, value_name = "URL", value_parser = database_url)]
    pub database_url: Option<String>,
}

/// The configuration file.
#[derive(Args, Clone, Debug, Default)]
pub struct FileArgs {
    /// The configuration file [env: DACAPO_CONFIG] [default: dacapo.toml if it is there]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Everything that a server can be told.
#[derive(Args, Clone, Debug, Default)]
pub struct SettingsArgs {
    /// Where to serve HTTP; port 0 picks a free one [env: DACAPO_HTTP] [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    http: Option<String>,
    #[command(flatten)]
    store: StoreArgs,
    /// Allow an address that other machines reach, though nobody is asked who they are [env: DACAPO_INSECURE]
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    insecure: Option<bool>,
    /// Allow the clock to be moved with PUT /v2/clock [env: DACAPO_DEV_CLOCK]
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    dev_clock: Option<bool>,
    /// What an acknowledgement means: local (flushed to the disk) or relaxed (perhaps not) [env: DACAPO_DURABILITY] [default: local]
    #[arg(long, value_name = "LEVEL", value_parser = durability)]
    durability: Option<Durability>,
    /// Which diagnostics to write, as warn or dacapo=debug [env: DACAPO_LOG] [default: info; dev: warn]
    #[arg(long, value_name = "FILTER")]
    log: Option<String>,
    /// How diagnostics look: text or json [env: DACAPO_LOG_FORMAT] [default: text]
    #[arg(long, value_name = "FORMAT", value_parser = log_format)]
    log_format: Option<LogFormat>,
    #[command(flatten)]
    file: FileArgs,
}

impl SettingsArgs {
    /// Merges flags, environment and file.
    pub fn settings(&self) -> Result<Settings, ConfigError> {
        let flags = Settings {
            http: self.http.clone(),
            insecure: self.insecure,
            dev_clock: self.dev_clock,
            durability: self.durability,
            log: self.log.clone(),
            log_format: self.log_format,
            ..self.store.settings()
        };
        Ok(flags.over(self.file.below()?))
    }
}

impl StoreArgs {
    fn settings(&self) -> Settings {
        Settings {
            data_dir: self.data_dir.clone(),
            database_url: self.database_url.clone(),
            ..Settings::default()
        }
    }
}

impl FileArgs {
    /// Returns what environment and file say.
    fn below(&self) -> Result<Settings, ConfigError> {
        let variable = |name: &str| std::env::var(name).ok();
        warn_of_unknown_variables();
        let named = variable("DACAPO_CONFIG").filter(|it| !it.is_empty()).map(PathBuf::from);
        let file = match self.config.clone().or(named) {
            Some(path) => Settings::from_file(&path)?,
            None if Path::new(FILE_DEFAULT).exists() => {
                Settings::from_file(Path::new(FILE_DEFAULT))?
            }
            None => Settings::default(),
        };
        Ok(Settings::from_variables(variable)?.over(file))
    }
}

/// Warns of a variable that looks like a misspelt setting. Not an error: an orchestrator may set names of its own.
fn warn_of_unknown_variables() {
    for (name, _) in std::env::vars() {
        let Some(rest) = name.strip_prefix(VARIABLE_PREFIX) else { continue };
        let key = rest.to_ascii_lowercase().replace('_', "-");
        let is_known = config::KEYS.contains(&key.as_str()) || OTHER_VARIABLES.contains(&rest);
        if let (false, Some(meant)) = (is_known, config::nearest(&key, &config::KEYS)) {
            let warning = Paint::stderr().yellow("warning:");
            eprintln!("{warning} {name} is no setting; did you mean {}?", config::variable(meant));
        }
    }
}

fn database_url(value: &str) -> Result<String, String> {
    config::database_url(value).ok_or_else(|| format!("expected {DATABASE_URL_EXPECTED}"))
}

fn durability(value: &str) -> Result<Durability, String> {
    config::durability(value).ok_or_else(|| "expected local or relaxed".to_owned())
}

fn log_format(value: &str) -> Result<LogFormat, String> {
    config::log_format(value).ok_or_else(|| "expected text or json".to_owned())
}

/// Variables with our prefix that are no settings of a server.
const OTHER_VARIABLES: [&str; 2] = ["ADDRESS", "CONFIG"];
