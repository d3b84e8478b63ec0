//! Spec suites: Markdown files whose `process`, `run` and `log` blocks are tests and user manual at once.

pub mod markdown;
pub mod script;
pub mod world;

use std::fmt::Write as _;
use std::path::Path;

use dacapo_engine::kernel::DigestMode;
use dacapo_engine::process::Process;
use dacapo_log::wire::{Follower, ReadLimits};

use world::World;

/// Runs a suite. With `UPDATE=1` its `log` blocks are rewritten; without, what differs is returned.
///
/// # Errors
///
/// Returns every section whose log is not the one that is written there.
///
/// # Panics
/// The suite cannot be read or written, or a log that it wrote does not hold.
pub fn run_suite(path: &Path) -> Result<usize, String> {
    let text = std::fs::read_to_string(path).expect("a suite");
    let sections = markdown::sections(&text);
    let (mut updated, mut differences) = (text.clone(), String::new());
    for section in sections.iter().rev() {
        let found = run_section(section);
        updated.replace_range(section.log_place.clone(), &found);
        if found != section.log {
            let place = format!("{}:{}: {}", path.display(), section.line, section.title);
            let _ = writeln!(differences, "{place}\nexpected\n{}\nfound\n{found}", section.log);
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, updated).expect("the suite can be written");
        return Ok(sections.len());
    }
    if differences.is_empty() { Ok(sections.len()) } else { Err(differences) }
}

fn run_section(section: &markdown::Section) -> String {
    let mut world = World::new(&section.processes);
    for line in script::lines(&section.run) {
        world.run(&line);
    }
    check(&world, &section.title);
    world.log()
}

/// Checks what holds for every log: replayed it ends in the same state (I-DET-1).
fn check(world: &World, title: &str) {
    let mut follower = Follower::<Process>::new(DigestMode::Every, ReadLimits::TRUSTED);
    for frame in &world.drive.stored {
        follower
            .push_stored(&frame.body, &frame.hash)
            .unwrap_or_else(|error| panic!("{title}: {error}"));
    }
    assert_eq!(follower.engine_mut().full_digest(), world.drive.engine.place().digest, "{title}");
}
