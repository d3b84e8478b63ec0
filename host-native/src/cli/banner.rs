//! What a server says when it starts.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::absolute;

use dacapo::config::{Config, StoreAddress};
use dacapo_engine::record::Durability;

use super::paint::Paint;
use crate::demo::Story;

/// Returns the facts: where the server listens, where its log is, who may use it.
pub fn facts(config: &Config, address: SocketAddr, paint: Paint) -> Vec<String> {
    let mut lines = vec![
        format!("{} {}", paint.bold("dacapo"), env!("CARGO_PKG_VERSION")),
        format!("  studio    {}", paint.cyan(format!("{}/", url(address)))),
        format!("  REST API  {}", paint.cyan(format!("{}/v2", url(address)))),
        format!("  log       {}", store(&config.store)),
        format!("  open to   {}", audience(address)),
    ];
    match config.durability {
        Durability::Local => {}
        Durability::Memory => lines.push(warning(paint, "nothing is left when it stops")),
        Durability::Relaxed => lines.push(warning(paint, "a power cut loses the last seconds")),
    }
    if config.has_dev_clock {
        lines.push(warning(paint, "the clock can be moved: PUT /v2/clock"));
    }
    lines
}

/// Returns what a first visit needs: how a client gets here, what is there to see, what to try.
pub fn invitation(config: &Config, address: &str, stories: &[Story], paint: Paint) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(story) = stories.iter().find(|it| it.is_blocked()) {
        let step = paint.cyan(format!("{address}/#/instance/{}", story.key));
        lines.extend([String::new(), "See the very step that stopped an instance:".to_owned()]);
        lines.push(format!("  {step}"));
    }
    lines.extend([String::new(), "Point a Camunda 8 client here:".to_owned()]);
    for (name, value) in [
        ("CAMUNDA_REST_ADDRESS", address),
        ("ZEEBE_REST_ADDRESS", address),
        ("CAMUNDA_AUTH_STRATEGY", "NONE"),
        ("CAMUNDA_SECURE_CONNECTION", "false"),
    ] {
        lines.push(format!("  export {name}={value}"));
    }
    if !stories.is_empty() {
        lines.extend([String::new(), "Instances:".to_owned()]);
        lines.extend(stories.iter().map(|it| story(it, paint)));
    }
    lines.extend([String::new(), "Try:".to_owned()]);
    lines.extend(commands(address, stories).iter().map(|it| format!("  {}", paint.cyan(it))));
    lines.extend([String::new(), farewell(&config.store)]);
    lines
}

/// Returns the URL under which this machine reaches the server.
pub fn url(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        return format!("http://{}", SocketAddr::from((Ipv4Addr::LOCALHOST, address.port())));
    }
    format!("http://{address}")
}

fn story(story: &Story, paint: Paint) -> String {
    let state = match story.state {
        "completed" => paint.green(story.state),
        "has an incident" => paint.red(story.state),
        _ => paint.yellow(story.state),
    };
    format!("  {}  {}  {state}", story.key, story.process_id)
}

fn commands(address: &str, stories: &[Story]) -> Vec<String> {
    let flag = if address == DEFAULT { String::new() } else { format!(" --address {address}") };
    let blocked = stories.iter().find(|it| it.is_blocked());
    let mut commands = Vec::new();
    if let Some(story) = blocked.or(stories.last()) {
        commands.push(format!("dacapo debug {}{flag}", story.key));
        commands.push(format!("dacapo why {}{flag}", story.key));
        commands.push(format!("dacapo log show --instance {}{flag}", story.key));
    }
    commands.push(format!("dacapo log verify{flag}"));
    commands.push(format!("curl -X POST {address}/v2/process-instances/search"));
    commands
}

fn store(store: &StoreAddress) -> String {
    match store {
        StoreAddress::Folder(folder) => {
            let folder = absolute(folder).unwrap_or(folder.clone());
            format!(
                "{} (SQLite)",
                StoreAddress::Folder(folder).url().trim_start_matches("sqlite://")
            )
        }
        StoreAddress::Url(_) => store.shown(),
    }
}

fn audience(address: SocketAddr) -> &'static str {
    if address.ip().is_loopback() {
        "this machine, without authentication"
    } else {
        "everybody who reaches it, without authentication"
    }
}

fn farewell(store: &StoreAddress) -> String {
    let over = match store {
        StoreAddress::Folder(folder) => format!("; start over: delete {}", folder.display()),
        StoreAddress::Url(_) => String::new(),
    };
    format!("Stop: Ctrl-C{over}")
}

fn warning(paint: Paint, text: &str) -> String {
    format!("  {}   {text}", paint.yellow("mind"))
}

/// The address that clients use if nobody tells them another.
const DEFAULT: &str = "http://127.0.0.1:8080";
