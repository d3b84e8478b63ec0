//! The engine in Node: the package as it is built, reading a log file that is written here.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use dacapo_engine::record::PartitionId;
use dacapo_log::wire::{Chain, LogFileHeader, LogFileWriter, StoredFrame};
use serde::Deserialize;

use super::core::{events, one_task_log};
use super::report::{ROUNDS, Report};

/// Measures replay and verification in Node, and what the Wasm weighs.
///
/// # Panics
/// The package is there and does not work.
pub fn run(report: &mut Report) {
    if !report.begin(&["wasm"]) {
        return;
    }
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../js/packages/dacapo");
    let wasm = package.join("dist/dacapo_bg.wasm");
    let Ok(raw) = std::fs::metadata(&wasm) else {
        for (name, unit) in FIGURES {
            report.not_run(name, unit, "cargo xtask wasm first");
        }
        return;
    };
    let instances = if report.is_quick() { 2_000 } else { 20_000 };
    let log = one_task_log(instances);
    let file = write(&log);
    let measured = measure(&package, file.path());
    let settings = format!("{} events from a file, Node {}", events(&log), measured.node);
    let rate = |seconds: Vec<f64>| -> Vec<f64> {
        seconds.iter().map(|it| events(&log) as f64 / it).collect()
    };
    let Measured { evolve_seconds, chain_seconds, digest_seconds, verify_seconds, .. } = measured;
    let seconds = [evolve_seconds, chain_seconds, digest_seconds, verify_seconds];
    for ((name, unit), seconds) in FIGURES.into_iter().zip(seconds) {
        report.add(name, unit, settings.clone(), rate(seconds));
    }
    let [.., (raw_name, bytes), (brotli_name, _)] = FIGURES;
    report.add(raw_name, bytes, "as shipped", vec![raw.len() as f64]);
    report.add(brotli_name, bytes, "quality 11", vec![measured.brotli_bytes]);
}

/// What the script prints.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Measured {
    node: String,
    evolve_seconds: Vec<f64>,
    chain_seconds: Vec<f64>,
    digest_seconds: Vec<f64>,
    verify_seconds: Vec<f64>,
    brotli_bytes: f64,
}

fn measure(package: &Path, file: &Path) -> Measured {
    let script: PathBuf = package.join("bench/replay.mjs");
    let output = Command::new("node").arg(script).arg(file).arg(ROUNDS.to_string()).output();
    let output = output.expect("node is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).expect("figures")
}

pub(super) fn write(log: &[StoredFrame]) -> tempfile::NamedTempFile {
    let header = LogFileHeader {
        is_slice: false,
        partition: PartitionId(3),
        before: Chain::default(),
        genesis: None,
        subject: None,
    };
    let mut writer = LogFileWriter::new(header);
    let mut bytes = writer.header();
    for frame in log {
        bytes.extend(writer.frame(frame.position, frame.count, &frame.body).expect("in order"));
    }
    bytes.extend(writer.trailer());
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(&bytes).expect("disk space");
    file
}

const FIGURES: [(&str, &str); 6] = [
    ("wasm: replay: decode and evolve", "events/s"),
    ("wasm: replay: with chain", "events/s"),
    ("wasm: replay: with chain and digest", "events/s"),
    ("wasm: verify", "events/s"),
    ("wasm: size", "bytes"),
    ("wasm: size after brotli", "bytes"),
];
