//! Spec suites: Markdown files whose `process`, `run` and `log` blocks are tests and user manual at once.

pub mod asked;
pub mod coverage;
pub mod index;
pub mod known;
pub mod markdown;
pub mod script;
pub mod shown;
pub mod support;
pub mod world;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use dacapo::names::process_names;
use dacapo_engine::kernel::DigestMode;
use dacapo_engine::process::Process;
use dacapo_log::replay::{Player, Target, Verifier};
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
        let found = run_section(section).log();
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

/// Runs a section.
///
/// # Panics
/// A line is not one of the language, or the log does not hold.
pub fn run_section(section: &markdown::Section) -> World {
    let mut world = World::of(section);
    check(&mut world, &section.title);
    world
}

/// Returns all suites of the manual, sorted.
///
/// # Panics
/// The folder cannot be read.
pub fn suites() -> Vec<PathBuf> {
    let mut suites = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec");
    for part in std::fs::read_dir(folder).expect("the manual").flatten() {
        let Ok(files) = std::fs::read_dir(part.path()) else { continue };
        let paths = files.flatten().map(|it| it.path());
        suites.extend(paths.filter(|path| path.extension().is_some_and(|it| it == "md")));
    }
    suites.sort();
    suites
}

/// Checks what holds for every log. I-DET-1: evolved, it ends in the same state. I-DET-2: decided again, every step has
/// the same bytes. Seeking to a place is the same as playing up to it, in whatever order.
fn check(world: &mut World, title: &str) {
    let stored = &world.drive.stored;
    let mut follower = Follower::<Process>::new(DigestMode::Every, ReadLimits::TRUSTED);
    let mut verifier = Verifier::<Process>::new(ReadLimits::TRUSTED, process_names());
    let mut digests = Vec::new();
    for frame in stored {
        let pushed = follower.push_stored(&frame.body, &frame.hash);
        pushed.unwrap_or_else(|error| panic!("{title}: {error}"));
        let verified = verifier.push_stored(frame);
        verified.unwrap_or_else(|error| panic!("{title}: {error}"));
        digests.push(follower.engine().place().digest);
    }
    assert_eq!(follower.engine_mut().full_digest(), world.drive.engine.place().digest, "{title}");
    assert_eq!(world.drive.engine.full_digest(), world.drive.engine.place().digest, "{title}");
    let imposed = verifier.report().imposed;
    assert_eq!(verifier.report().re_derived + imposed, stored.len() as u64, "{title}");
    let mut player = Player::<Process>::from_stored(stored, DigestMode::Every).expect("a log");
    for (frame, digest) in stored.iter().zip(&digests).rev() {
        player.seek(&Target::Position(frame.position)).expect("a place in the log");
        assert_eq!(player.engine().place().digest, *digest, "{title}: {:?}", frame.position);
    }
}
