//! The command line and the log: shown, counted, exported, verified, of a server, a store and a file.

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
    let counted = server.run(&["log", "stat", "--json"]).json();
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
    let report = said.json();
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
    for (key, state) in server.instances() {
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

/// Of a file that holds a whole log, too, only the steps of the instance are shown.
#[test]
fn an_instance_is_shown_from_a_file() {
    let server = DevServer::start();
    assert_eq!(server.run(&["log", "export", "--out", "all.dacapo"]).code, 0);
    for (key, state) in server.instances() {
        let shown = |source: &[&str]| {
            let arguments = [&["log", "show", "--json", "--instance", &key][..], source].concat();
            let said = server.run(&arguments);
            assert_eq!(said.code, 0, "{}", said.err);
            let frames = said.out.lines().map(|it| serde_json::from_str(it).expect("JSON"));
            frames.collect::<Vec<Value>>()
        };
        let (of_file, of_server) = (shown(&["--file", "all.dacapo"]), shown(&[]));
        assert_eq!(of_file[0]["command"]["intent"], "instance.create", "{state}");
        assert_eq!(of_file[0]["records"][0]["key"], key);
        // The server shows as well what the steps build on: what was deployed and published, and the log's own life.
        let is_beside = |it: &Value| {
            let intent = &it["command"]["intent"];
            it["outcome"] == "control"
                || intent == "deployment.create"
                || intent == "message.publish"
        };
        let positions = |frames: &[Value]| -> Vec<_> {
            let steps = frames.iter().filter(|it| !is_beside(it));
            steps.map(|it| it["position"].as_u64()).collect()
        };
        assert_eq!(positions(&of_file), positions(&of_server), "{state}");
        assert!(!of_file.iter().any(is_beside), "{state}");
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

fn offline(folder: &Path, file: &str) -> Said {
    run(&mut command(folder, ["log", "verify", "--file", file]))
}

/// Returns the words of the first line.
fn words(text: &str) -> Vec<&str> {
    text.lines().next().unwrap_or_default().split_whitespace().collect()
}
