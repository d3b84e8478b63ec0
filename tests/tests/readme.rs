//! Runs every command of the README, so that what a newcomer copies works.
//!
//! A comment `<!-- run: … -->` before a block says how: `no` and a reason, `start` for a server that runs until it is
//! stopped, or the file that the block is a part of. Blocks without one are run line by line in a shell, against a
//! development server; `# exit 4` at the end of a line is the exit code that it must have.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use dacapo::http::{OPERATIONS, unserved_operations};
use dacapo_tests::binary::{self, DevServer, run};
use dacapo_tests::postgres;
use dacapo_tests::spec::index;

/// A fenced block.
struct Block {
    language: String,
    how: Option<String>,
    text: String,
    line: usize,
}

#[test]
fn every_command_of_the_readme_does_what_it_says() {
    let server = DevServer::start();
    let folder = workplace();
    let blocks = blocks().into_iter().filter(|it| it.language == "sh" && it.how.is_none());
    let mut count = 0;
    for block in blocks {
        let host = server.address.trim_start_matches("http://");
        let script = script(&block.text.replace("127.0.0.1:8080", host));
        let mut shell = Command::new("sh");
        shell.args(["-u", "-c", &script]).current_dir(folder.path());
        let said = run(shell.env("DACAPO_ADDRESS", &server.address).env_remove("DACAPO_CONFIG"));
        let (out, err) = (&said.out, &said.err);
        assert_eq!(said.code, 0, "the block at line {}:\n{out}\n{err}", block.line);
        count += 1;
    }
    assert!(count >= 2, "the README has commands");
}

#[test]
fn the_commands_that_start_a_server_start_one() {
    let cluster = postgres::shared();
    let url = cluster.url("dacapo", &cluster.database());
    let starts = blocks().into_iter().filter(|it| it.how.as_deref() == Some("start"));
    let mut count = 0;
    for block in starts {
        for line in commands(&block.text) {
            let line = line.replace("postgres://dacapo@localhost/dacapo", &url);
            let mut words = line.split(' ');
            assert_eq!(words.next(), Some("dacapo"), "line {}", block.line);
            let folder = tempfile::tempdir().expect("a temporary folder");
            let mut serve = binary::command(folder.path(), words);
            let banner = DevServer::banner_of(serve.env("DACAPO_HTTP", "127.0.0.1:0"), "open to");
            assert!(banner.contains("postgres"), "{banner}");
            count += 1;
        }
    }
    assert_eq!(count, 1, "one command starts a server on PostgreSQL");
}

#[test]
fn commands_that_are_not_run_here_are_those_that_ci_runs() {
    for block in
        blocks().iter().filter(|it| it.how.as_deref().is_some_and(|it| it.starts_with("no")))
    {
        for command in commands(&block.text) {
            let known = ["cargo xtask dev", "cargo xtask test", "cargo xtask bench"];
            assert!(known.contains(&command.as_str()), "line {}: {command}", block.line);
        }
    }
}

#[test]
fn code_of_the_readme_is_part_of_an_example_that_is_run() {
    let code = blocks().into_iter().filter(|it| it.language != "sh");
    let mut count = 0;
    for block in code {
        let file = block.how.unwrap_or_else(|| panic!("line {} names its file", block.line));
        let text = fs::read_to_string(root().join(&file)).expect("the file can be read");
        assert!(text.contains(&block.text), "the block at line {} stands in {file}", block.line);
        count += 1;
    }
    assert_eq!(count, 2, "one block for TypeScript, one for Python");
}

#[test]
fn the_example_of_an_embedded_engine_runs() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["run", "--quiet", "--package", "dacapo", "--example", "embed"];
    let said = run(Command::new(cargo).args(arguments).current_dir(root()));
    assert_eq!(said.code, 0, "{}", said.err);
    for text in ["created ", "charge-card for ", "ship-parcel for ", "the instance is "] {
        assert!(said.out.contains(text), "{text} in {}", said.out);
    }
}

#[test]
#[ignore = "needs the official clients, which cargo xtask test installs"]
fn the_examples_run_with_the_official_clients() {
    let server = DevServer::start();
    let mut start = Command::new(root().join("target/python/bin/python"));
    start.arg(root().join("host-native/examples/start.py"));
    let started = run(pointed_at(&server, &mut start));
    assert_eq!(started.code, 0, "{}", started.err);
    let key = started.out.trim();
    assert!(server.run(&["why", key]).out.contains("charge-card"), "it waits for a worker");

    let folder = tempfile::tempdir().expect("a temporary folder");
    link(&root().join("tests/clients/node/node_modules"), &folder.path().join("node_modules"));
    fs::copy(root().join("js/examples/worker.mjs"), folder.path().join("worker.mjs"))
        .expect("a copy");
    let mut node = Command::new("node");
    let mut worker = pointed_at(&server, node.arg(folder.path().join("worker.mjs")))
        .spawn()
        .expect("node starts");
    let is_done = wait_until(|| server.run(&["why", key]).out.contains("ship-parcel"));
    worker.kill().expect("the worker runs until it is stopped");
    worker.wait().expect("the worker ends");
    assert!(is_done, "expected the worker to complete the job within 20 s");
}

#[test]
fn every_command_of_the_program_that_the_readme_names_exists() {
    let text = readme();
    for word in text.split("`dacapo ").skip(1) {
        let command = word.split(['`', ' ']).next().expect("a word");
        if command.starts_with("--") {
            continue;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let said = run(&mut binary::command(folder.path(), [command, "--help"]));
        assert_eq!(said.code, 0, "dacapo {command}");
    }
}

#[test]
fn the_readme_counts_the_operations_that_are_served() {
    let (all, unserved) = (OPERATIONS.len(), unserved_operations().count());
    let text = format!("{} of {all} operations", all - unserved);
    assert!(readme().contains(&text), "expected `{text}`");
}

#[test]
fn what_the_readme_calls_supported_is_what_the_manual_found_out() {
    let table = index::short();
    assert!(readme().contains(&table), "expected this in the README:\n{table}");
    assert!(readme().contains("(tests/spec/README.md)"), "a link to the manual");
}

#[test]
fn the_readme_is_short() {
    let count = readme().lines().count();
    assert!(count <= 150, "expected at most 150 lines, found {count}");
}

fn pointed_at<'a>(server: &DevServer, command: &'a mut Command) -> &'a mut Command {
    command.env("CAMUNDA_REST_ADDRESS", &server.address).env("CAMUNDA_AUTH_STRATEGY", "NONE")
}

fn wait_until(is_done: impl Fn() -> bool) -> bool {
    (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(200));
        is_done()
    })
}

/// Returns the fenced blocks of the README.
fn blocks() -> Vec<Block> {
    let text = readme();
    let mut blocks = Vec::new();
    let mut how: Option<String> = None;
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        if let Some(comment) = line.strip_prefix("<!-- run: ") {
            how = comment.strip_suffix(" -->").map(str::to_owned);
        } else if let Some(language) = line.strip_prefix("```") {
            let inside: Vec<_> =
                lines.by_ref().map(|it| it.1).take_while(|it| *it != "```").collect();
            let text = inside.join("\n");
            blocks.push(Block {
                language: language.into(),
                how: how.take(),
                text,
                line: index + 1,
            });
        } else if !line.is_empty() {
            assert_eq!(how, None, "line {}: a comment stands before its block", index + 1);
        }
    }
    blocks
}

/// Returns the commands of a block, lines that end with a backslash joined.
fn commands(text: &str) -> Vec<String> {
    let joined = text.replace("\\\n", " ");
    let lines = joined.lines().map(str::trim);
    lines.filter(|it| !it.is_empty() && !it.starts_with('#')).map(str::to_owned).collect()
}

/// Makes a script that stops at the first command whose exit code is not the expected one.
fn script(text: &str) -> String {
    let mut script = String::new();
    for command in commands(text) {
        let expected: i32 = command
            .split_once("# exit ")
            .map_or(0, |(_, it)| it.split(':').next().expect("a code").parse().expect("a code"));
        script.push_str(&command);
        script.push_str(&format!(
            "\ncode=$?; [ $code -eq {expected} ] || {{ echo \"expected {expected}, found $code\"; exit 1; }}\n"
        ));
    }
    script
}

/// Makes a folder that looks like the repository after `cargo xtask dev`, so that nothing is written to the real one.
fn workplace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let target = folder.path().join("target/debug");
    fs::create_dir_all(&target).expect("a folder");
    link(binary::path(), &target.join("dacapo"));
    link(&root().join("host-native"), &folder.path().join("host-native"));
    folder
}

fn link(from: &Path, to: &Path) {
    let from = from.canonicalize().expect("the path exists");
    std::os::unix::fs::symlink(from, to).expect("a link");
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("the README can be read")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
