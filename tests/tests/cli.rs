//! The command line as its users meet it: help, exit codes, completion, configuration, and what it says when
//! something is wrong. What needs a server is in `cli_server.rs`.

use std::path::Path;

use dacapo_tests::binary::{Said, command, run};

fn dacapo(args: &[&str]) -> Said {
    let folder = tempfile::tempdir().expect("a temporary folder");
    run(&mut command(folder.path(), args))
}

fn dacapo_in(folder: &Path, variables: &[(&str, &str)], args: &[&str]) -> Said {
    run(command(folder, args).envs(variables.iter().copied()))
}

/// Every command, as words.
const COMMANDS: [&[&str]; 15] = [
    &["dev"],
    &["serve"],
    &["deploy"],
    &["lint"],
    &["log"],
    &["log", "show"],
    &["log", "export"],
    &["log", "verify"],
    &["log", "stat"],
    &["why"],
    &["feel"],
    &["dmn"],
    &["dmn", "evaluate"],
    &["version"],
    &["completion"],
];

#[test]
fn help_of_every_command_has_examples_and_no_line_is_too_long() {
    let general = dacapo(&["--help"]);
    assert_eq!(general.code, 0);
    for code in 0..=5 {
        assert!(general.out.contains(&format!("{code}  ")), "exit code {code} is documented");
    }
    for words in COMMANDS {
        let said = dacapo(&[words, &["--help"]].concat());
        assert_eq!(said.code, 0, "{words:?}: {}", said.err);
        assert!(said.out.contains(&format!("dacapo {}", words.join(" "))), "{words:?} is named");
        if ![&["version"][..], &["log"], &["dmn"]].contains(&words) {
            assert!(said.out.contains("Examples:"), "{words:?} has examples:\n{}", said.out);
        }
        assert!(general.out.contains(words[0]), "{words:?} is listed");
        assert!(said.out.lines().all(|it| it.chars().count() <= 120), "{words:?} fits");
    }
}

#[test]
fn wrong_usage_ends_with_2_and_suggests() {
    for args in [&["depoly"][..], &["deploy"], &["why"], &["serve", "--htpp", "x"], &[]] {
        assert_eq!(dacapo(args).code, 2, "{args:?}");
    }
    assert!(dacapo(&["depoly"]).err.contains("deploy"), "the command that was meant");
    assert!(dacapo(&["serve", "--htpp", "x"]).err.contains("--http"), "the flag that was meant");
    let said = dacapo(&["why", "order-1"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("expected an instance key, @last or @incident, found `order-1`"));
}

#[test]
fn an_unreachable_server_ends_with_5_and_says_what_to_start() {
    let address = ["--address", "http://127.0.0.1:9"];
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../host-native/src/demo/order.bpmn");
    let file = file.to_str().expect("the path is UTF-8");
    for args in [&["why", "1"][..], &["deploy", file], &["log", "show"], &["log", "stat"]] {
        let said = dacapo(&[args, &address].concat());
        assert_eq!(said.code, 5, "{args:?}: {}", said.err);
        assert!(said.err.contains("http://127.0.0.1:9"), "{args:?}: {}", said.err);
        assert!(said.err.contains("dacapo dev"), "{args:?}: {}", said.err);
        assert_eq!(said.out, "", "{args:?}");
    }
}

#[test]
fn the_address_comes_from_flag_then_own_variable_then_that_of_camunda() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let camunda = ("CAMUNDA_REST_ADDRESS", "http://127.0.0.1:9/v2");
    let own = ("DACAPO_ADDRESS", "http://127.0.0.2:9");
    let asked = |variables: &[_], args: &[&str]| {
        dacapo_in(folder.path(), variables, &[&["why", "1"], args].concat()).err
    };
    assert!(asked(&[camunda], &[]).contains("server at http://127.0.0.1:9,"));
    assert!(asked(&[camunda, own], &[]).contains("server at http://127.0.0.2:9,"));
    let flag = ["--address", "127.0.0.3:9"];
    assert!(asked(&[camunda, own], &flag).contains("server at http://127.0.0.3:9,"));
    assert!(asked(&[], &["--address", "ftp://x"]).contains("expected an address such as"));
}

#[test]
fn completion_scripts_name_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let said = dacapo(&["completion", shell]);
        assert_eq!(said.code, 0, "{shell}");
        for word in ["deploy", "verify", "completion"] {
            assert!(said.out.contains(word), "{shell} completes {word}");
        }
    }
    assert_eq!(dacapo(&["completion", "cmd"]).code, 2);
}

#[test]
fn the_version_is_the_one_of_the_workspace() {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(dacapo(&["--version"]).out, format!("dacapo {version}\n"));
    assert!(dacapo(&["version"]).out.starts_with(&format!("dacapo {version} (log format 1, ")));
    let json: serde_json::Value =
        serde_json::from_str(&dacapo(&["version", "--json"]).out).expect("JSON");
    assert_eq!((&json["version"], &json["log_format"]), (&version.into(), &1.into()));
}

#[test]
fn a_wrong_configuration_ends_with_2_and_names_the_place() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("dacapo.toml");
    std::fs::write(&file, "durability = \"local\"\ndata_dir = \"x\"\n").expect("a file");
    let said = dacapo_in(folder.path(), &[], &["serve"]);
    assert_eq!(said.code, 2);
    let text =
        "dacapo.toml:2:1: expected a known setting, found `data_dir`; did you mean `data-dir`?";
    assert!(said.err.contains(text), "{}", said.err);

    std::fs::write(&file, "").expect("a file");
    for (variables, args, text) in [
        (&[("DACAPO_INSECURE", "yes")][..], &["serve"][..], "DACAPO_INSECURE: expected true or"),
        (&[("DACAPO_CONFIG", "no.toml")], &["serve"], "expected a configuration file at no.toml"),
        (&[], &["serve", "--config", "gone.toml"], "expected a configuration file at gone.toml"),
        (&[], &["serve", "--durability", "none"], "expected local or relaxed"),
        (&[], &["serve", "--database-url", "mysql://x"], "expected sqlite://<file>"),
        (&[], &["serve", "--http", "nowhere"], "expected an address and port"),
        (&[], &["serve", "--http", "0.0.0.0:0"], "expected a loopback address"),
    ] {
        let said = dacapo_in(folder.path(), variables, args);
        assert_eq!(said.code, 2, "{variables:?} {args:?}: {}", said.err);
        assert!(said.err.contains(text), "{variables:?} {args:?}: {}", said.err);
    }
}

const ORDER: &str = include_str!("../../host-native/src/demo/order.bpmn");

/// Returns a folder with a model that is right and one with three mistakes.
fn models() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let wrong = ORDER
        .replace("=order.total &gt; 1000", "=order.total &gt;")
        .replace(" type=\"ship-parcel\"", "")
        .replace("errorRef=\"error-card-declined\"", "errorRef=\"nothing\"");
    std::fs::write(folder.path().join("right.bpmn"), ORDER).expect("a file");
    std::fs::write(folder.path().join("wrong.bpmn"), wrong).expect("a file");
    folder
}

#[test]
fn lint_finds_nothing_wrong_with_the_demo() {
    let folder = models();
    let said = run(&mut command(folder.path(), ["lint", "right.bpmn"]));
    assert_eq!((said.code, said.out.as_str()), (0, "1 file, no problems\n"), "{}", said.err);
}

#[test]
fn lint_shows_every_problem_with_place_and_caret() {
    let folder = models();
    let said = run(&mut command(folder.path(), ["lint", "right.bpmn", "wrong.bpmn"]));
    assert_eq!(said.code, 1);
    assert!(said.out.ends_with("2 files, 3 problems\n"), "{}", said.out);
    let line = 1 + ORDER.lines().position(|it| it.contains("errorRef=")).expect("an error");
    let column = 1 + ORDER.lines().nth(line - 1).expect("a line").find("errorRef=").expect("it");
    let place = format!("wrong.bpmn:{line}:{column}: reference_unknown: card-declined: ");
    assert!(said.out.contains(&place), "{place}\n{}", said.out);
    let shown: Vec<&str> = said.out.lines().skip_while(|it| !it.contains(&place)).collect();
    let caret = shown[3].find('^').expect("a caret");
    assert_eq!(shown[2].find("errorRef=\"nothing\""), Some(caret), "{}", said.out);
    assert!(!said.out.contains('\x1b'), "no colour where nobody sees it");
}

#[test]
fn lint_speaks_json() {
    let folder = models();
    let said = run(&mut command(folder.path(), ["lint", "--json", "wrong.bpmn"]));
    assert_eq!(said.code, 1);
    let json: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    let problems = json["problems"].as_array().expect("problems");
    let codes: Vec<_> = problems.iter().map(|it| it["code"].as_str().expect("a code")).collect();
    assert_eq!(codes, ["reference_unknown", "value_missing", "expression_invalid"]);
    assert_eq!(problems[0]["element_id"], "card-declined");
    assert!(problems.iter().all(|it| it["resource"] == "wrong.bpmn" && it["line"].is_u64()));
}

#[test]
fn lint_tells_wrong_files_from_wrong_models() {
    let folder = models();
    std::fs::write(folder.path().join("binary.bpmn"), [0xff, 0xfe, 0x00]).expect("a file");
    std::fs::write(folder.path().join("empty.bpmn"), "").expect("a file");
    for (file, code) in [("gone.bpmn", 2), ("right.txt", 2), ("binary.bpmn", 1), ("empty.bpmn", 1)]
    {
        let said = run(&mut command(folder.path(), ["lint", file]));
        assert_eq!(said.code, code, "{file}: {} {}", said.out, said.err);
    }
}
