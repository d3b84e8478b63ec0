use super::*;

fn parse(text: &str) -> Result<Settings, ConfigError> {
    file::parse(text, Path::new("dacapo.toml"))
}

fn error(text: &str) -> String {
    parse(text).expect_err("the file is wrong").to_string()
}

#[test]
fn a_file_sets_every_key() {
    let text = r#"
        http = "127.0.0.1:0"
        data-dir = "here"
        insecure = true
        dev-clock = false
        durability = "relaxed"
        log = "debug"
        log-format = "json"
    "#;
    let settings = parse(text).expect("the file is right");
    assert_eq!(settings.http.as_deref(), Some("127.0.0.1:0"));
    assert_eq!(settings.data_dir, Some("here".into()));
    assert_eq!((settings.insecure, settings.dev_clock), (Some(true), Some(false)));
    assert_eq!(settings.durability, Some(Durability::Relaxed));
    assert_eq!(settings.log_format, Some(LogFormat::Json));
}

#[test]
fn a_wrong_file_is_refused_with_its_place() {
    assert_eq!(
        error("http = \"127.0.0.1:1\"\ndata_dir = \"x\"\n"),
        "dacapo.toml:2:1: expected a known setting, found `data_dir`; did you mean `data-dir`?"
    );
    assert!(error("[http]\nx = 1\n").contains("dacapo.toml:1:1: expected a string for `http`"));
    assert!(error("insecure = \"yes\"").contains("1:12: expected true or false for `insecure`"));
    assert!(error("durability = \"none\"").contains("expected local or relaxed"));
    assert!(error("database-url = \"mysql://x\"").contains("found `mysql://x`"));
    assert!(error("http =").starts_with("dacapo.toml:1:"));
    assert!(error("data-dir = \"a\"\ndatabase-url = \"memory:\"").contains("found both"));
    assert!(error("zzzzzzzzz = 1").contains("known are http, data-dir"));
}

#[test]
fn a_higher_source_wins_and_the_store_is_one_choice() {
    let flags = Settings { data_dir: Some("flag".into()), ..Settings::default() };
    let file = parse("database-url = \"postgres://u@h/d\"\nhttp = \"127.0.0.1:9\"").expect("right");
    let both = flags.over(file.clone());
    assert_eq!(both.store(), StoreAddress::Folder("flag".into()));
    assert_eq!(both.http.as_deref(), Some("127.0.0.1:9"));
    assert_eq!(Settings::default().over(file).store().url(), "postgres://u@h/d");
}

#[test]
fn variables_are_settings() {
    let get = |name: &str| match name {
        "DACAPO_DEV_CLOCK" => Some("true".to_owned()),
        "DACAPO_HTTP" => Some(String::new()),
        _ => None,
    };
    let settings = Settings::from_variables(get).expect("right");
    assert_eq!(settings, Settings { dev_clock: Some(true), ..Settings::default() });
    let get = |name: &str| (name == "DACAPO_INSECURE").then(|| "yes".to_owned());
    let error = Settings::from_variables(get).expect_err("wrong").to_string();
    assert_eq!(error, "DACAPO_INSECURE: expected true or false for `insecure`, found `yes`");
}

#[test]
fn only_insecure_servers_listen_to_the_network() {
    let open = Settings { http: Some("0.0.0.0:8080".into()), ..Settings::default() };
    assert!(matches!(open.clone().complete(), Err(ConfigError::Exposed { .. })));
    assert!(Settings { insecure: Some(true), ..open }.complete().is_ok());
    let wrong = Settings { http: Some("nowhere".into()), ..Settings::default() };
    assert!(matches!(wrong.complete(), Err(ConfigError::Address { .. })));
}

#[test]
fn defaults_complete_what_nobody_said() {
    let config = Settings::default().complete().expect("defaults are right");
    assert_eq!(config.http.to_string(), "127.0.0.1:8080");
    assert_eq!(config.store.url(), "sqlite://.dacapo/dacapo.db");
    assert_eq!(config.durability, Durability::Local);
}

#[test]
fn a_password_is_not_shown() {
    let store = StoreAddress::Url("postgres://user:secret@host/name".into());
    assert_eq!(store.shown(), "postgres://user@host/name");
}

#[test]
fn the_manual_lists_every_setting_and_nothing_else() {
    let manual = include_str!("../../../core/engine/docs/operate.md");
    let table = manual.split("| setting |").nth(1).expect("a table of settings");
    let rows = table.lines().take_while(|it| !it.is_empty()).filter(|it| it.starts_with("| `"));
    let keys: Vec<_> = rows.filter_map(|it| it.split('`').nth(1)).collect();
    assert_eq!(keys, KEYS);
}
