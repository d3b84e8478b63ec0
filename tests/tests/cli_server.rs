//! The command line against a development server: the banner, the demo, why, deploy, and the log in every form.

use std::fs;
use std::path::Path;

use dacapo_engine::kernel::DigestMode;
use dacapo_engine::process::{Process, view};
use dacapo_engine::record::Key;
use dacapo_log::replay::{Player, Target};
use dacapo_log::wire::ReadLimits;
use dacapo_tests::binary::{DevServer, Said, command, run};
use serde_json::Value;

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
    let before = instances(&first.banner);
    assert_eq!(before.len(), 3);
    let (code, folder) = first.stop();
    assert_eq!(code, 0);
    let second = DevServer::start_in(folder);
    assert_eq!(instances(&second.banner), before);
    let counted = json(&second.run(&["log", "stat", "--json"]));
    assert_eq!(counted["instances"], 3);
}

#[test]
fn why_tells_a_wait_from_an_incident_from_nothing() {
    let server = DevServer::start();
    let stories = instances(&server.banner);
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
    let tree = json(&named);
    assert!(tree["element_id"].is_string() && tree["children"].is_array(), "{tree}");
    let unknown = server.run(&["why", "1"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.err.contains('1'), "{}", unknown.err);
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
    let as_json = json(&server.run(&["deploy", "order.bpmn", "--json"]));
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
fn log_show_gives_every_record_its_cause() {
    let server = DevServer::start();
    let all = server.run(&["log", "show"]);
    assert_eq!(all.code, 0, "{}", all.err);
    let mut command = 0;
    for (line, expected) in all.out.lines().zip(1..) {
        let words: Vec<_> = line.split_whitespace().collect();
        assert_eq!(words[0].parse(), Ok(expected), "positions are dense: {line}");
        match words[1] {
            "C" => command = expected,
            "E" | "R" => assert_eq!(words[3], format!("<{command}"), "{line}"),
            kind => assert_eq!(kind, "L", "{line}"),
        }
    }
    let last = all.out.lines().count();
    let part = server.run(&["log", "show", "--from", "7", "--to", "7"]);
    let lines: Vec<_> = part.out.lines().collect();
    assert!(lines[0].contains(" C instance.create "), "{}", part.out);
    let rest = server.run(&["log", "show", "--from", &last.to_string()]);
    assert!(rest.out.lines().count() < 20, "only the last step: {}", rest.out);

    let as_json = server.run(&["log", "show", "--json"]);
    let mut next = 1;
    for line in as_json.out.lines() {
        let frame: Value = serde_json::from_str(line).expect("a line of JSON");
        assert_eq!(frame["position"], next);
        next += frame["count"].as_u64().expect("a count");
    }
    assert_eq!(next, last as u64 + 1);
}

#[test]
fn log_show_follows_what_happens() {
    let server = DevServer::start();
    let last = server.run(&["log", "show"]).out.lines().count();
    let from = (last + 1).to_string();
    let mut follow = command(server.folder.path(), ["log", "show", "--follow", "--from", &from]);
    follow.env("DACAPO_ADDRESS", &server.address);
    let seen = std::thread::spawn(move || DevServer::banner_of(&mut follow, "deployment.create"));
    let model = include_str!("../../host-native/src/demo/order.bpmn");
    fs::write(server.folder.path().join("x.bpmn"), model.replace("P14D", "P1D")).expect("a file");
    assert_eq!(server.run(&["deploy", "x.bpmn"]).code, 0);
    let seen = seen.join().expect("the record is shown");
    assert_eq!(words(&seen)[..3], [from.as_str(), "C", "deployment.create"], "{seen}");
}

#[test]
fn log_show_of_a_run_asks_for_that_run_only() {
    let server = DevServer::start();
    let said = server.run(&["log", "show", "--from", "7", "--to", "9"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(words(&said.out)[..3], ["7", "C", "instance.create"], "{}", said.out);
    let beyond = server.run(&["log", "show", "--from", "7", "--to", "999999"]);
    assert_eq!(beyond.code, 1);
    assert!(beyond.err.contains("999999"), "{}", beyond.err);
}

#[test]
fn log_show_of_an_instance_is_what_touched_it() {
    let server = DevServer::start();
    let said = server.run(&["log", "show", "--instance", "@incident"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("A-1003") && said.out.contains("incident.created"), "{}", said.out);
    assert!(!said.out.contains("A-1001") && !said.out.contains("A-1002"), "{}", said.out);
}

#[test]
fn log_stat_counts_what_is_there() {
    let server = DevServer::start();
    assert_eq!(server.run(&["why", "1"]).code, 1, "reading is no command");
    let counted = json(&server.run(&["log", "stat", "--json"]));
    let lines = server.run(&["log", "show"]).out.lines().count();
    assert_eq!(counted["records"], lines);
    assert_eq!((&counted["instances"], &counted["rejected"]), (&3.into(), &0.into()));
    let of_intents = |field: &str| {
        let intents = counted["intents"].as_array().expect("a list").iter();
        intents.map(|it| it[field].as_u64().expect("a number")).sum::<u64>()
    };
    for field in ["steps", "records", "bytes", "rejected"] {
        assert_eq!(counted[field], of_intents(field), "{field}");
    }
    let text = server.run(&["log", "stat"]).out;
    assert!(text.contains("rejected   0 of") && text.contains("instance.create"), "{text}");
}

#[test]
fn what_is_exported_verifies_without_the_server_and_one_flipped_bit_is_found() {
    let server = DevServer::start();
    let live = server.run(&["log", "verify"]);
    assert_eq!(live.code, 0, "{}{}", live.out, live.err);
    assert!(live.out.starts_with("re-derived: "), "{}", live.out);
    assert_eq!(server.run(&["log", "export", "--out", "a.dacapo"]).code, 0);
    let again = server.run(&["log", "export", "--out", "a.dacapo"]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("--force"), "{}", again.err);
    let shown = server.run(&["log", "show"]).out;
    let (_, folder) = server.stop();

    let offline = offline(folder.path(), "a.dacapo");
    assert_eq!(offline.code, 0, "{}{}", offline.out, offline.err);
    assert!(offline.out.starts_with("re-derived: "), "{}", offline.out);
    let file = run(&mut command(folder.path(), ["log", "show", "--file", "a.dacapo"]));
    assert_eq!(file.out, shown);

    let bytes = fs::read(folder.path().join("a.dacapo")).expect("the file");
    let place = bytes.windows(6).position(|it| it == b"A-1002").expect("the second order");
    let mut flipped = bytes.clone();
    flipped[place + 5] ^= 1;
    fs::write(folder.path().join("flipped.dacapo"), flipped).expect("a file");
    let found = self::offline(folder.path(), "flipped.dacapo");
    assert_eq!(found.code, 4);
    assert!(found.out.starts_with("not verifiable: "), "{}", found.out);
    let line = shown.lines().find(|it| it.contains("A-1002") && it.contains(" E ")).expect("it");
    let position = line.split(' ').next().expect("a position");
    assert!(found.out.contains(&format!("position {position}")), "{line}\n{}", found.out);

    fs::write(folder.path().join("cut.dacapo"), &bytes[..bytes.len() / 2]).expect("a file");
    let cut = self::offline(folder.path(), "cut.dacapo");
    assert_eq!(cut.code, 4);
    assert!(cut.out.contains("the file was cut off"), "{}", cut.out);
}

#[test]
fn a_slice_of_an_instance_is_chained_only() {
    let server = DevServer::start();
    let exported =
        server.run(&["log", "export", "--instance", "@incident", "--out", "case.dacapo"]);
    assert_eq!(exported.code, 0, "{}", exported.err);
    let said = run(&mut command(
        server.folder.path(),
        ["log", "verify", "--file", "case.dacapo", "--json"],
    ));
    let report = json(&said);
    assert_eq!((said.code, &report["verdict"]), (0, &"chained only".into()), "{report}");
    assert!(report["not_shown"].as_u64().is_some_and(|it| it > 0), "{report}");
    let shown = run(&mut command(server.folder.path(), ["log", "show", "--file", "case.dacapo"]));
    assert!(shown.out.contains("A-1003") && !shown.out.contains("A-1001"), "{}", shown.out);
}

/// What a server exports of an instance is played without the server, and says of the instance what the whole log says.
#[test]
fn a_slice_of_an_instance_is_played() {
    let server = DevServer::start();
    assert_eq!(server.run(&["log", "export", "--out", "all.dacapo"]).code, 0);
    let open = |name: &str| {
        let bytes = fs::read(server.folder.path().join(name)).expect("a file");
        Player::<Process>::open(&bytes, ReadLimits::UNTRUSTED, DigestMode::Every).expect("a log")
    };
    let mut whole = open("all.dacapo");
    for (key, state) in instances(&server.banner) {
        let name = format!("{key}.dacapo");
        let said = server.run(&["log", "export", "--instance", &key, "--out", &name]);
        assert_eq!(said.code, 0, "{}", said.err);
        let (mut slice, instance) = (open(&name), Key(key.parse().expect("a key")));
        assert_eq!((slice.subject(), slice.frames_hidden() > 0), (Some(instance), true));
        assert_eq!(slice.last_position(), whole.last_position());
        let mut steps = 0;
        while slice.step_forward().expect("it fits") {
            whole.seek(&Target::Position(slice.position())).expect("it is there");
            let tokens = |player: &Player<Process>| view::tokens(&player.engine().view(), instance);
            let values =
                |player: &Player<Process>| view::variables(&player.engine().view(), instance, None);
            let at = slice.position().0;
            assert_eq!(tokens(&slice).len(), tokens(&whole).len(), "{state} at {at}");
            assert_eq!(values(&slice), values(&whole), "{state} at {at}");
            steps += 1;
        }
        assert!(steps > 3, "{state}: {steps}");
    }
}

#[test]
fn the_store_itself_is_verified_when_no_server_runs() {
    let server = DevServer::start();
    let busy = server.run(&["log", "verify", "--data-dir", ".dacapo"]);
    assert_eq!(busy.code, 1);
    assert!(busy.err.contains("if a server runs on it"), "{}", busy.err);
    let (_, folder) = server.stop();
    let run_there = |args: &[&str]| run(&mut command(folder.path(), args));
    let said = run_there(&["log", "verify", "--data-dir", ".dacapo"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let url = "sqlite://.dacapo/dacapo.db";
    let said = run_there(&["log", "show", "--database-url", url, "--from", "3", "--to", "3"]);
    assert_eq!(words(&said.out)[..3], ["3", "C", "deployment.create"], "{}", said.err);
    let exported = run_there(&["log", "export", "--data-dir", ".dacapo", "--out", "b.dacapo"]);
    assert_eq!(exported.code, 0, "{}", exported.err);
    assert_eq!(offline(folder.path(), "b.dacapo").code, 0);
    assert_eq!(run_there(&["log", "verify", "--data-dir", "gone"]).code, 2);
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

fn offline(folder: &Path, file: &str) -> Said {
    run(&mut command(folder, ["log", "verify", "--file", file]))
}

fn json(said: &Said) -> Value {
    serde_json::from_str(&said.out).unwrap_or_else(|it| panic!("{it}: {} {}", said.out, said.err))
}

/// Returns the words of the first line.
fn words(text: &str) -> Vec<&str> {
    text.lines().next().unwrap_or_default().split_whitespace().collect()
}

/// Returns the keys and states of the instances in a banner.
fn instances(banner: &str) -> Vec<(String, String)> {
    let lines = banner.lines().filter_map(|it| it.trim().split_once("  order  "));
    lines.map(|(key, state)| (key.to_owned(), state.to_owned())).collect()
}

/// A requirement that goes back to where it came from.
const CIRCLE: &str =
    "<informationRequirement><requiredDecision href=\"#fee\" /></informationRequirement>
    <literalExpression id=\"base_text\">";
