//! Brings what is missing to the machine, or names the one command that does.

use std::io::{BufRead as _, IsTerminal as _, Write as _, stdin, stdout};
use std::process::Command;

use crate::components::{Component, Missing, Remedy, has_apt};
use crate::terminal::line;
use crate::toolchain::{
    DEBIAN_PACKAGES, TARGETS, Toolchain, Wanted, has_debian_compiler, has_rustup_targets,
};
use crate::work::answer;

/// What may be done.
pub struct Policy {
    /// Whether anything may be installed.
    pub install: bool,
    /// Whether a person on a terminal is asked first.
    pub ask: bool,
    /// Which compiler for Wasm.
    pub wanted: Wanted,
}

/// What has to be done.
#[derive(Default)]
struct Plan {
    rustup: Vec<Vec<&'static str>>,
    apt: Vec<&'static str>,
    by_hand: Vec<&'static str>,
    wasm_targets: bool,
}

/// Checks the components and installs what is missing; returns the compiler for Wasm.
///
/// The error names everything that is missing and one command that installs all of it.
pub fn ready(needs: &[Component], policy: &Policy) -> Result<Toolchain, String> {
    let missing = check(needs, policy.wanted);
    if missing.is_empty() {
        return Ok(found(needs, policy.wanted));
    }
    let plan = Plan::of(&missing);
    if !policy.install || !plan.can_run() || (policy.ask && !agreed(&missing, &plan)) {
        return Err(complaint(&missing, &plan));
    }
    plan.run();
    let missing = check(needs, policy.wanted);
    if missing.is_empty() {
        return Ok(found(needs, policy.wanted));
    }
    Err(complaint(&missing, &Plan::of(&missing)))
}

fn check(needs: &[Component], wanted: Wanted) -> Vec<Missing> {
    needs.iter().filter_map(|it| it.check(wanted)).collect()
}

fn found(needs: &[Component], wanted: Wanted) -> Toolchain {
    match wanted {
        _ if !needs.contains(&Component::WasmTargets) => Toolchain::None,
        Wanted::Rustup => Toolchain::Rustup,
        Wanted::Debian => Toolchain::Debian,
        Wanted::Auto if has_rustup_targets() => Toolchain::Rustup,
        Wanted::Auto => Toolchain::Debian,
    }
}

impl Plan {
    fn of(missing: &[Missing]) -> Self {
        let mut plan = Self::default();
        for it in missing {
            match &it.remedy {
                Remedy::Apt(packages) => plan.apt.extend(packages),
                Remedy::Rustup(args) => plan.rustup.push(args.clone()),
                Remedy::WasmTargets => plan.wasm_targets = true,
                Remedy::ByHand(text) => plan.by_hand.push(text),
            }
        }
        plan
    }

    fn can_run(&self) -> bool {
        let has_rustup = answer("rustup", &["--version"]).is_some();
        let needs_apt = !self.apt.is_empty();
        self.by_hand.is_empty()
            && (self.rustup.is_empty() || has_rustup)
            && (!needs_apt || (has_apt() && may_become_root()))
    }

    /// Runs the plan as far as it goes; the caller looks again what is missing.
    fn run(&self) {
        for args in &self.rustup {
            announce("rustup", args);
            run(Command::new("rustup").args(args));
        }
        let mut packages = self.apt.clone();
        if self.wasm_targets && !add_targets() && !has_debian_compiler() && has_apt() {
            packages.extend(DEBIAN_PACKAGES);
        }
        if packages.is_empty() {
            return;
        }
        announce("apt-get install", &packages);
        run(as_root("apt-get").args(["update", "--quiet"]));
        let mut install = as_root("apt-get");
        install.env("DEBIAN_FRONTEND", "noninteractive");
        install.args(["install", "--yes", "--quiet", "--no-install-recommends"]);
        run(install.args(&packages));
    }

    /// Returns the one command that does all of it.
    fn command(&self) -> String {
        let mut parts: Vec<String> =
            self.rustup.iter().map(|args| format!("rustup {}", args.join(" "))).collect();
        if self.wasm_targets {
            parts.push(format!("rustup target add {}", TARGETS.join(" ")));
        }
        if !self.apt.is_empty() {
            let sudo = if is_root() { "" } else { "sudo " };
            let packages = self.apt.join(" ");
            parts.push(format!("{sudo}apt-get update && {sudo}apt-get install -y {packages}"));
        }
        parts.join(" && ")
    }
}

fn complaint(missing: &[Missing], plan: &Plan) -> String {
    let mut text = String::from("this machine lacks something the chosen steps need:\n");
    for it in missing {
        text += &format!("  - {}\n", it.what);
    }
    for it in &plan.by_hand {
        text += &format!("by hand: {it}\n");
    }
    let command = plan.command();
    if !command.is_empty() {
        text += &format!("install it with:\n  {command}\n");
    }
    text + "or leave steps out: cargo xtask test --list, then --only or --skip"
}

fn agreed(missing: &[Missing], plan: &Plan) -> bool {
    if !stdin().is_terminal() || !stdout().is_terminal() {
        return true;
    }
    line("The chosen steps need what this machine lacks:");
    missing.iter().for_each(|it| line(&format!("  - {}", it.what)));
    print!("Install it with `{}`? [Y/n] ", plan.command());
    // A terminal that cannot be written to will not answer either.
    let _ = stdout().flush();
    let mut answer = String::new();
    let read = stdin().lock().read_line(&mut answer);
    read.is_ok_and(|it| it > 0) && matches!(answer.trim(), "" | "y" | "Y" | "yes")
}

fn add_targets() -> bool {
    let args = [&["target", "add"][..], &TARGETS].concat();
    announce("rustup", &args);
    // Its own retries would take minutes where its server is out of reach.
    run(Command::new("rustup").env("RUSTUP_MAX_RETRIES", "1").args(args)) && has_rustup_targets()
}

fn announce(program: &str, args: &[&str]) {
    line(&format!("installing: {program} {}", args.join(" ")));
}

fn run(command: &mut Command) -> bool {
    command.status().is_ok_and(|it| it.success())
}

fn as_root(program: &str) -> Command {
    if is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("sudo");
    command.args(["--preserve-env=DEBIAN_FRONTEND", program]);
    command
}

fn may_become_root() -> bool {
    let asks = stdin().is_terminal() && answer("sudo", &["--version"]).is_some();
    is_root() || asks || answer("sudo", &["-n", "true"]).is_some()
}

fn is_root() -> bool {
    answer("id", &["-u"]).is_some_and(|it| it.trim() == "0")
}
