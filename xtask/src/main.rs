//! The commands of the project: `cargo xtask dev`, `cargo xtask test`, `cargo xtask bench`,
//! `cargo xtask fuzz`, `cargo xtask tck`, `cargo xtask wasm`, `cargo xtask studio`.
//!
//! Reading order: this file (the command line) → [`steps`] (what a test run consists of) →
//! [`components`] (what the machine must have) → [`wasm`] and [`toolchain`] (the browser half).

mod bindings;
mod clients;
mod components;
mod fuzz;
mod install;
mod javascript;
mod package;
mod rust;
mod step;
mod steps;
mod studio;
mod summary;
mod terminal;
mod toolchain;
mod wasm;
mod work;

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::toolchain::Wanted;
use crate::work::Work;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The commands of the project", version)]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds and starts the server with its demo, on the embedded default; needs only Rust and Node
    Dev(DevArgs),
    /// Runs every check of the project, installing what is missing where it can
    Test(TestArgs),
    /// Runs the benchmarks; prints a table and writes target/bench.json. `--only peers`: FEEL beside other engines
    Bench(Rest),
    /// Searches for inputs of which something does not hold, guided by the code that they reach
    Fuzz(FuzzArgs),
    /// Runs a folder in the format of the DMN TCK and prints the score
    Tck(Rest),
    /// Builds the npm package (the Wasm core and its bindings) into js/packages/dacapo/dist
    Wasm(MachineArgs),
    /// Builds the page that the server carries into js/packages/studio/dist
    Studio,
}

#[derive(Args)]
struct DevArgs {
    /// Builds with optimisations: slower to build, faster to run
    #[arg(long)]
    release: bool,
    #[command(flatten)]
    rest: Rest,
}

#[derive(Args)]
struct Rest {
    /// Arguments handed on as they are
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

#[derive(Args)]
struct TestArgs {
    /// Runs only these steps, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "STEP")]
    only: Vec<String>,
    /// Leaves these steps out, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "STEP")]
    skip: Vec<String>,
    /// Lists the steps and what each needs, and runs nothing
    #[arg(long)]
    list: bool,
    /// Prints the output of every step while it runs, not only of those that fail
    #[arg(long, short)]
    verbose: bool,
    /// Minutes for each target of the fuzzer
    #[arg(long, env = "DACAPO_FUZZ_MINUTES", default_value_t = 1, value_name = "MINUTES")]
    fuzz: u64,
    #[command(flatten)]
    machine: MachineArgs,
}

#[derive(Args)]
struct FuzzArgs {
    /// Minutes for each target
    #[arg(long, default_value_t = 2)]
    minutes: u64,
    /// Runs only these targets, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "TARGET")]
    target: Vec<String>,
    /// How many targets run at once; as many as there are cores where nothing is said
    #[arg(long)]
    jobs: Option<usize>,
    /// Prints a line of JSON for each target
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    machine: MachineArgs,
}

/// What may be done to the machine, and with which compiler Wasm is built.
#[derive(Args)]
struct MachineArgs {
    /// Installs nothing: names the command that would, and stops
    #[arg(long)]
    no_install: bool,
    /// Installs without asking
    #[arg(long, short)]
    yes: bool,
    /// The compiler for Wasm: rustup's targets, Debian's compiler, or whichever can be had
    #[arg(long, value_enum, env = "DACAPO_WASM_TOOLCHAIN", default_value_t = Wanted::Auto)]
    toolchain: Wanted,
}

fn main() -> ExitCode {
    let root = repository_root();
    let done = match Cli::parse().command {
        Task::Dev(args) => dev(&root, &args),
        Task::Test(args) => test(root, &args),
        Task::Bench(rest) => bench(root, &rest.args),
        Task::Fuzz(args) => fuzz(root, args),
        Task::Tck(rest) => tck(&root, &rest.args),
        Task::Wasm(args) => build_wasm(root, &args),
        Task::Studio => studio::ready(&root).map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|problem| {
        eprintln!("xtask: {problem}");
        ExitCode::FAILURE
    })
}

fn dev(root: &PathBuf, args: &DevArgs) -> Result<ExitCode, String> {
    studio::ready(root)?;
    let profile: &[&str] = if args.release { &["--release"] } else { &[] };
    let built = Command::new(work::cargo())
        .current_dir(root)
        .args(["build", "--package", "dacapo", "--bin", "dacapo"])
        .args(profile)
        .status()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    if !built.success() {
        return Err("the server does not build".into());
    }
    let folder = if args.release { "release" } else { "debug" };
    let binary = work::target_folder(root).join(folder).join("dacapo");
    hand_over(Command::new(binary).arg("dev").args(&args.rest.args))
}

fn test(root: PathBuf, args: &TestArgs) -> Result<ExitCode, String> {
    let chosen = steps::choose(&args.only, &args.skip)?;
    if args.list {
        steps::print_list(&chosen);
        return Ok(ExitCode::SUCCESS);
    }
    let needs = components::needs_of(&chosen);
    let toolchain = install::ready(&needs, &policy(&args.machine))?;
    let mut work = Work::new(root, toolchain, args.verbose)?;
    work.fuzz_minutes = args.fuzz;
    let outcomes = steps::run(&chosen, &mut work);
    Ok(summary::print(&outcomes))
}

fn bench(root: PathBuf, args: &[String]) -> Result<ExitCode, String> {
    let of_peers = |it: &[String]| it[0] == "--only" && it[1].starts_with("peers");
    if args.windows(2).any(of_peers) {
        return peers(root);
    }
    let mut command = Command::new(work::cargo());
    command.current_dir(root);
    command.args(["run", "--release", "--package", "dacapo-tests", "--bin", "bench", "--"]);
    hand_over(command.args(args))
}

/// Runs FEEL beside its peers, which nobody else needs: they are no part of the workspace and built on demand.
fn peers(root: PathBuf) -> Result<ExitCode, String> {
    let needs = [components::Component::Node, components::Component::CCompiler];
    install::ready(&needs, &install::Policy { install: false, ask: false, wanted: Wanted::Auto })?;
    let mut work = Work::new(root, toolchain::Toolchain::None, false)?;
    work.begin("peers");
    javascript::install(&mut work, PEERS)?;
    let mut command = Command::new(work::cargo());
    command.current_dir(work.root.join(PEERS)).args(["run", "--release", "--locked"]);
    hand_over(command.env("CARGO_TARGET_DIR", work.target().join("peers")))
}

fn fuzz(root: PathBuf, args: FuzzArgs) -> Result<ExitCode, String> {
    let toolchain = install::ready(&[components::Component::CppCompiler], &policy(&args.machine))?;
    let mut work = Work::new(root, toolchain, false)?;
    work.begin("fuzz");
    let time = Duration::from_mins(args.minutes);
    let jobs = args.jobs.unwrap_or_else(fuzz::jobs);
    let reports = fuzz::run(&mut work, &fuzz::Options { time, targets: args.target, jobs });
    let reports = reports.map_err(|problem| match work.end() {
        Ok((path, _)) => format!("{problem}; its output is in {}", path.display()),
        Err(other) => format!("{problem}; {other}"),
    })?;
    if !args.json {
        terminal::line(&format!("built by {}", fuzz::compiler()));
    }
    for report in &reports {
        let text = if args.json { report.json().to_string() } else { report.text(&work.root) };
        terminal::line(&text);
    }
    let is_found = reports.iter().any(fuzz::Report::has_crash);
    Ok(if is_found { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn tck(root: &PathBuf, args: &[String]) -> Result<ExitCode, String> {
    let mut command = Command::new(work::cargo());
    // a folder that is given relative to here must be found from the root of the repository
    let absolute = |it: &String| match std::path::absolute(it) {
        Ok(path) if path.is_dir() => path.into_os_string(),
        _ => it.into(),
    };
    command.current_dir(root).args(rust::TCK).args(args.iter().map(absolute));
    hand_over(&mut command)
}

fn build_wasm(root: PathBuf, machine: &MachineArgs) -> Result<ExitCode, String> {
    let needs = [components::Component::WasmTargets, components::Component::Node];
    let toolchain = install::ready(&needs, &policy(machine))?;
    let mut work = Work::new(root, toolchain, true)?;
    let sizes = wasm::build(&mut work)?;
    println!("{sizes}");
    Ok(ExitCode::SUCCESS)
}

fn policy(machine: &MachineArgs) -> install::Policy {
    install::Policy { install: !machine.no_install, ask: !machine.yes, wanted: machine.toolchain }
}

/// Becomes the command where the system can do that, so that signals reach it and nobody else.
fn hand_over(command: &mut Command) -> Result<ExitCode, String> {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        let error = command.exec();
        Err(format!("{} does not start: {error}", command.get_program().display()))
    }
    #[cfg(not(unix))]
    {
        let name = command.get_program().display().to_string();
        let status = command.status().map_err(|error| format!("{name} does not start: {error}"))?;
        Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn repository_root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}

const PEERS: &str = "tests/peers";
