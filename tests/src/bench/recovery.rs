//! The server's start: on an empty log, and on a long one with and without its snapshots.

use tokio::runtime::Runtime;

use super::inside;
use super::place::{Kind, Place, Places};
use super::report::{ROUNDS, Report};
use super::running::Running;

/// Measures how long a server takes to start and how much memory it has then.
///
/// # Panics
/// The server does not start.
pub fn run(report: &mut Report, runtime: &Runtime, places: &mut Places) {
    for kind in Kind::ALL {
        idle(report, places, kind);
        long(report, runtime, places, kind);
    }
}

fn idle(report: &mut Report, places: &mut Places, kind: Kind) {
    let name = format!("server: {}, empty log", kind.name());
    if report.begin(&[&name]) {
        let (mut starts, mut sizes) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let place = places.make(kind);
            let server = Running::start(&place);
            starts.push(server.start.as_secs_f64() * 1_000.0);
            sizes.push(server.memory());
            server.stop();
        }
        let settings = "first start of all, tables are made; memory right after it";
        report.add(&format!("{name}: start"), "ms", settings, starts);
        report.add(&format!("{name}: memory"), "MiB RSS", settings, sizes);
    }
}

fn long(report: &mut Report, runtime: &Runtime, places: &mut Places, kind: Kind) {
    let name = format!("recovery: {}", kind.name());
    if !report.begin(&[&name]) {
        return;
    }
    let records = if report.is_quick() { 100_000 } else { 1_300_000 };
    let place = places.make(kind);
    runtime.block_on(inside::fill(&place, records));
    let settings = format!("{records} records, about {} events, nothing open", records / 13 * 10);
    let (time, memory) = starts(&place, || {});
    report.add(&format!("{name}, after a stop: time"), "ms", settings.clone(), time);
    report.add(&format!("{name}, after a stop: memory"), "MiB RSS", settings.clone(), memory);
    let (time, memory) = starts(&place, || runtime.block_on(place.forget_snapshots()));
    report.add(&format!("{name}, the whole log: time"), "ms", settings.clone(), time);
    report.add(&format!("{name}, the whole log: memory"), "MiB RSS", settings, memory);
}

/// Starts a server several times and stops it cleanly.
fn starts(place: &Place, before: impl Fn()) -> (Vec<f64>, Vec<f64>) {
    let each = (0..ROUNDS).map(|_| {
        before();
        let server = Running::start(place);
        let figures = (server.start.as_secs_f64() * 1_000.0, server.memory());
        server.stop();
        figures
    });
    each.unzip()
}
