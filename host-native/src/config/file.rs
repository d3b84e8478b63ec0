//! Settings from a TOML file, with the line and column of what is wrong.

use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::{ConfigError, KEYS, Settings, unknown_key};

/// Reads settings from the text of a TOML file; `path` is for errors only.
pub(super) fn parse(text: &str, path: &Path) -> Result<Settings, ConfigError> {
    let table = DeTable::parse(text).map_err(|error| ConfigError::Syntax {
        origin: origin(text, path, error.span().unwrap_or_default()),
        message: error.message().to_owned(),
    })?;
    let mut settings = Settings::default();
    for (key, value) in table.get_ref() {
        let key_origin = origin(text, path, key.span());
        let Some(known) = KEYS.iter().find(|it| **it == key.get_ref()) else {
            return Err(unknown_key(key.get_ref(), key_origin));
        };
        let value_origin = origin(text, path, value.span());
        settings.set(known, &plain(value.get_ref(), known, &value_origin)?, &value_origin)?;
    }
    settings.check_store("the configuration file")?;
    Ok(settings)
}

/// Returns a string or a boolean as text; no setting is anything else.
fn plain(value: &DeValue<'_>, key: &'static str, origin: &str) -> Result<String, ConfigError> {
    let is_boolean_key = matches!(key, "insecure" | "dev-clock");
    match value {
        DeValue::String(text) if !is_boolean_key => Ok(text.to_string()),
        DeValue::Boolean(it) if is_boolean_key => Ok(it.to_string()),
        _ => Err(ConfigError::Value {
            origin: origin.to_owned(),
            key,
            expected: if is_boolean_key { "true or false" } else { "a string" },
            found: format!("a TOML {}", value.type_str()),
        }),
    }
}

fn origin(text: &str, path: &Path, span: Range<usize>) -> String {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("{}:{line}:{column}", path.display())
}
