//! The command line against a development server: the banner, the demo, why, deploy, and settings.

use std::fs;

use dacapo_tests::binary::{DevServer, command, run};

#[test]
fn the_banner_tells_all_that_a_first_visit_needs() {
    let server = DevServer::start();
    assert!(server.first_line.as_secs() < 3, "the first line after {:?}", server.first_line);
    let address = &server.address;
    let folder = server.folder.path().canonicalize().expect("the folder exists");
    for text in [
        format!("{address}/v2"),
        format!("{}/.dacapo/dacapo.db", folder.display()),
        format!("export CAMUNDA_REST_ADDRESS={address}"),
        format!("export ZEEBE_REST_ADDRESS={address}"),
        "export CAMUNDA_AUTH_STRATEGY=NONE".to_owned(),
        "export CAMUNDA_SECURE_CONNECTION=false".to_owned(),
        format!("curl -X POST {address}/v2/process-instances/search"),
    ] {
        assert!(server.banner.contains(&text), "{text} in\n{}", server.banner);
    }
    assert!(!server.banner.contains('\x1b'), "no colour where nobody sees it");
    for state in ["completed", "waits", "has an incident"] {
        let line = format!("  order  {state}");
        assert_eq!(server.banner.matches(&line).count(), 1, "{line} in\n{}", server.banner);
    }
    // Every command it proposes works as it stands.
    for line in server.banner.lines().filter_map(|it| it.trim().strip_prefix("dacapo ")) {
        let args: Vec<_> = line.split(' ').filter(|it| !it.is_empty()).collect();
        if args.len() > 1 {
            let said = run(&mut command(server.folder.path(), &args));
            assert!([0, 4].contains(&said.code), "dacapo {line}: {}", said.err);
        }
    }
}

#[test]
fn a_second_start_finds_the_demo_and_does_not_play_it_again() {
    let first = DevServer::start();
    let before = first.instances();
    assert_eq!(before.len(), 3);
    let (code, folder) = first.stop();
    assert_eq!(code, 0);
    let second = DevServer::start_in(folder);
    assert_eq!(second.instances(), before);
    let counted = second.run(&["log", "stat", "--json"]).json();
    assert_eq!(counted["instances"], 3);
}

#[test]
fn why_tells_a_wait_from_an_incident_from_nothing() {
    let server = DevServer::start();
    let stories = server.instances();
    let why = |state: &str| {
        let (key, _) = stories.iter().find(|(_, it)| it == state).expect("a story");
        server.run(&["why", key])
    };
    let incident = why("has an incident");
    assert_eq!(incident.code, 4, "{} {}", incident.out, incident.err);
    for text in ["large-order", "incident:", "order.total > 1000"] {
        assert!(incident.out.contains(text), "{text} in\n{}", incident.out);
    }
    let waits = why("waits");
    assert_eq!(waits.code, 3, "{} {}", waits.out, waits.err);
    for text in ["wait-for-delivery", "message", "parcel-delivered", "A-1002", "timer"] {
        assert!(waits.out.contains(text), "{text} in\n{}", waits.out);
    }
    assert_eq!(why("completed").code, 0);

    let named = server.run(&["why", "@incident", "--json"]);
    assert_eq!(named.code, 4);
    let tree = named.json();
    assert!(tree["element_id"].is_string() && tree["children"].is_array(), "{tree}");
    let unknown = server.run(&["why", "1"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.err.contains('1'), "{}", unknown.err);
}

#[test]
fn the_line_that_why_prints_moves_the_instance_on() {
    let server = DevServer::start();
    let (key, _) = server.instances().into_iter().find(|(_, it)| it == "waits").expect("a story");
    let publish = |body: &str| {
        let line = format!(
            "curl --fail --silent '{}/v2/messages/publication' -H 'content-type: application/json' -d '{body}'",
            server.address
        );
        assert!(shell(&line), "{line}");
    };
    publish(
        "{\"name\": \"parcel-delivered\", \"correlationKey\": \"A-2001\", \"timeToLive\": 600000}",
    );
    let said = server.run(&["why", &key]);
    let near = "nearly: a message of this name is there with key \"A-2001\", until ";
    assert!(said.out.contains(near), "{}", said.out);

    let tree = server.run(&["why", &key, "--json"]).json();
    let mut commands = Vec::new();
    collect(&tree, &mut commands);
    let [publication] =
        commands.iter().filter(|it| it.contains("parcel-delivered")).collect::<Vec<_>>()[..]
    else {
        panic!("{commands:?}")
    };
    assert!(said.out.contains(publication.as_str()), "{publication} in\n{}", said.out);
    assert!(shell(publication), "{publication}");
    let after = server.run(&["why", &key]);
    assert!(!after.out.contains("parcel-delivered"), "{}", after.out);
}

/// Collects the lines that would move an instance on.
fn collect(node: &serde_json::Value, found: &mut Vec<String>) {
    let list = |it: &serde_json::Value| it.as_array().cloned().unwrap_or_default();
    for wait in list(&node["waits"]) {
        found.extend(list(&wait["commands"]).iter().filter_map(|it| Some(it.as_str()?.to_owned())));
    }
    list(&node["children"]).iter().for_each(|it| collect(it, found));
}

fn shell(line: &str) -> bool {
    let mut command = std::process::Command::new("sh");
    let status = command.args(["-c", line]).stdout(std::process::Stdio::null()).status();
    status.is_ok_and(|it| it.success())
}

#[test]
fn deploy_prints_keys_or_every_problem() {
    let server = DevServer::start();
    let folder = server.folder.path();
    let model = include_str!("../../host-native/src/demo/order.bpmn");
    fs::write(folder.join("order.bpmn"), model).expect("a file");
    let same = server.run(&["deploy", "order.bpmn"]);
    assert_eq!(same.code, 0, "{}", same.err);
    assert!(same.out.starts_with("process order version 1 key "), "{}", same.out);
    fs::write(folder.join("order.bpmn"), model.replace("P14D", "P7D")).expect("a file");
    let other = server.run(&["deploy", "order.bpmn"]);
    assert!(other.out.starts_with("process order version 2 key "), "{}", other.out);
    let as_json = server.run(&["deploy", "order.bpmn", "--json"]).json();
    assert_eq!(as_json["deployments"][0]["processDefinition"]["processDefinitionVersion"], 2);

    let wrong = model.replace("P14D", "later").replace(" type=\"ship-parcel\"", "");
    fs::write(folder.join("wrong.bpmn"), wrong).expect("a file");
    let refused = server.run(&["deploy", "order.bpmn", "wrong.bpmn"]);
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    for text in ["value_missing", "timer_invalid", "^"] {
        assert!(refused.err.contains(text), "{text} in\n{}", refused.err);
    }
}

#[test]
fn deploy_takes_decisions_with_the_processes_that_call_them() {
    let server = DevServer::start();
    let folder = server.folder.path();
    let (fees, rate) = (include_str!("../clients/fees.dmn"), include_str!("../clients/rate.bpmn"));
    fs::write(folder.join("fees.dmn"), fees).expect("a file");
    fs::write(folder.join("rate.bpmn"), rate).expect("a file");
    let both = server.run(&["deploy", "fees.dmn", "rate.bpmn"]);
    assert_eq!(both.code, 0, "{}", both.err);
    let words: Vec<_> = both.out.lines().map(|it| it.split(" version 1 key ").next()).collect();
    let expected = ["decision requirements fees", "decision base", "decision fee", "process rate"];
    assert_eq!(words, expected.map(Some), "{}", both.out);
    assert_eq!(server.run(&["deploy", "fees.dmn", "rate.bpmn"]).out, both.out);

    let circle = fees.replace("<literalExpression id=\"base_text\">", CIRCLE);
    fs::write(folder.join("circle.dmn"), circle).expect("a file");
    let refused = server.run(&["deploy", "circle.dmn"]);
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    for text in ["circle.dmn:4:3", "Base → Fee → Base", "^"] {
        assert!(refused.err.contains(text), "{text} in\n{}", refused.err);
    }
}

#[test]
fn settings_come_from_flag_then_variable_then_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = "data-dir = \"from-file\"\nhttp = \"127.0.0.1:0\"\n";
    fs::write(folder.path().join("dacapo.toml"), file).expect("a file");
    let store = |variables: &[(&str, &str)], args: &[&str]| {
        let mut serve = command(folder.path(), [&["serve"], args].concat());
        let banner = DevServer::banner_of(serve.envs(variables.iter().copied()), "open to");
        let line = banner.lines().find(|it| it.contains("  log  ")).expect("a line");
        line.trim_start().trim_start_matches("log").trim().to_owned()
    };
    let variable = ("DACAPO_DATA_DIR", "from-variable");
    assert!(store(&[], &[]).contains("/from-file/"));
    assert!(store(&[variable], &[]).contains("/from-variable/"));
    assert!(store(&[variable], &["--data-dir", "from-flag"]).contains("/from-flag/"));
    assert_eq!(store(&[variable], &["--database-url", "memory:"]), "memory:");
}

#[test]
fn two_servers_do_not_share_an_address_or_a_log() {
    let server = DevServer::start();
    let host = server.address.trim_start_matches("http://");
    let taken = server.run(&["serve", "--http", host, "--data-dir", "other"]);
    assert_eq!(taken.code, 1);
    assert!(taken.err.contains(host) && taken.err.contains("--http 127.0.0.1:0"), "{}", taken.err);
    let shared = server.run(&["serve", "--http", "127.0.0.1:0"]);
    assert_eq!(shared.code, 1);
    assert!(shared.err.contains("expected to be the only process"), "{}", shared.err);
}

/// A requirement that goes back to where it came from.
const CIRCLE: &str =
    "<informationRequirement><requiredDecision href=\"#fee\" /></informationRequirement>
    <literalExpression id=\"base_text\">";
