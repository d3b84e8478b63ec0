//! `dacapo log verify`: decides every step again and compares it with what was written.

use std::io::{Write as _, stdout};

use clap::Args;
use dacapo::export::Span;
use dacapo::names::process_names;
use dacapo_engine::process::Process;
use dacapo_log::replay::{Doubt, Report, Verdict, VerdictRange, Verifier};
use dacapo_log::wire::ReadLimits;
use serde_json::{Value, json};

use super::source::{Log, Piece, SourceArgs};
use crate::cli::failure::{Exit, Failure, Outcome};
use crate::cli::paint::Paint;

/// Decides every step of the log again and compares the bytes
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub struct VerifyArgs {
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    source: SourceArgs,
}

/// What came of it.
struct Findings {
    report: Report,
    /// What stopped the reader before the verifier.
    damage: Option<String>,
}

/// Runs the command.
pub async fn run(args: &VerifyArgs) -> Outcome {
    let findings = verify(args.source.open(Span::ALL).await?).await?;
    let mut out = stdout().lock();
    if args.json {
        writeln!(out, "{:#}", findings.as_json())?;
    } else {
        for line in findings.lines(Paint::stdout()) {
            writeln!(out, "{line}")?;
        }
    }
    let is_verifiable = findings.verdict() != Verdict::NotVerifiable;
    Ok(if is_verifiable { Exit::Ok } else { Exit::Incident })
}

async fn verify(mut log: Log) -> Result<Findings, Failure> {
    let mut verifier = None;
    let read = match log.before().await {
        Ok(before) => {
            let begun =
                Verifier::<Process>::from_chain(before, ReadLimits::UNTRUSTED, process_names());
            let verifier = verifier.insert(begun);
            log.for_each("verify", |piece| {
                let verdict = match piece {
                    Piece::Frame(bytes) => verifier.push(bytes),
                    Piece::Stored(frame) => verifier.push_stored(frame),
                    Piece::Leaf(position, count, leaf) => {
                        verifier.push_leaf(position, count, &leaf)
                    }
                };
                Ok(verdict.is_ok())
            })
            .await
        }
        Err(failure) => Err(failure),
    };
    let report = verifier.map(|it| it.report().clone()).unwrap_or_default();
    match read {
        Ok(()) => Ok(Findings { report, damage: None }),
        // Bytes that are no log any more are a verdict, too.
        Err(failure) if failure.exit == Exit::Incident => {
            Ok(Findings { report, damage: Some(failure.text) })
        }
        Err(failure) => Err(failure),
    }
}

impl Findings {
    fn verdict(&self) -> Verdict {
        if self.damage.is_some() { Verdict::NotVerifiable } else { self.report.overall() }
    }

    fn lines(&self, paint: Paint) -> Vec<String> {
        let (name, meaning) = match self.verdict() {
            Verdict::ReDerived => {
                (paint.green(RE_DERIVED), "every step was decided again and came out byte by byte")
            }
            Verdict::ChainedOnly => (
                paint.yellow(CHAINED_ONLY),
                "the hash chain holds, but not every step could be decided again",
            ),
            Verdict::NotVerifiable => (
                paint.red(NOT_VERIFIABLE),
                "the log is damaged, or was decided otherwise than it says",
            ),
        };
        let mut lines = vec![format!("{name}: {meaning}")];
        lines.extend(self.report.ranges.iter().map(|it| format!("  {}", range(it))));
        let failure = self.report.failure.as_ref().map(ToString::to_string);
        lines.extend(
            failure
                .or(self.damage.clone())
                .map(|it| format!("  {}: {it}", paint.red("first difference"))),
        );
        lines
    }

    fn as_json(&self) -> Value {
        let ranges: Vec<_> = self
            .report
            .ranges
            .iter()
            .map(|it| {
                json!({
                    "verdict": name(it.verdict),
                    "doubt": it.doubt.map(doubt),
                    "from": it.from.0,
                    "to": it.to.0,
                    "steps": it.frames,
                })
            })
            .collect();
        let failure = self.report.failure.as_ref().map(ToString::to_string);
        json!({
            "verdict": name(self.verdict()),
            "position": self.report.ranges.last().map(|it| it.to.0),
            "steps": self.report.ranges.iter().map(|it| it.frames).sum::<u64>(),
            "re_derived": self.report.re_derived,
            "imposed": self.report.imposed,
            "other_semantics": self.report.other_semantics.values().sum::<u64>(),
            "not_shown": self.report.not_shown,
            "ranges": ranges,
            "failure": failure.or(self.damage.clone()),
        })
    }
}

fn range(range: &VerdictRange) -> String {
    let (from, to) = (range.from.0, range.to.0);
    let why = range.doubt.map(|it| format!(", {}", doubt(it))).unwrap_or_default();
    let steps = if range.frames == 1 { "step" } else { "steps" };
    format!("positions {from} to {to}: {}{why}, {} {steps}", name(range.verdict), range.frames)
}

fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::ReDerived => RE_DERIVED,
        Verdict::ChainedOnly => CHAINED_ONLY,
        Verdict::NotVerifiable => NOT_VERIFIABLE,
    }
}

fn doubt(doubt: Doubt) -> String {
    match doubt {
        Doubt::Semantics(other) => format!("decided by semantics {other}"),
        Doubt::Imposed => "imposed by the host".to_owned(),
        Doubt::StateUnknown => "after a step that is not shown".to_owned(),
        Doubt::NotShown => "not shown".to_owned(),
        Doubt::Failed => "failed".to_owned(),
        _ => "for another reason".to_owned(),
    }
}

const RE_DERIVED: &str = "re-derived";
const CHAINED_ONLY: &str = "chained only";
const NOT_VERIFIABLE: &str = "not verifiable";

const HELP: &str = "\
Three verdicts, never mixed:
  re-derived      every step was decided again and came out byte by byte
  chained only    the hash chain holds, but not every step could be decided again
  not verifiable  damaged, or decided otherwise than it says; with the first record and field that differ

Exit codes: 0 re-derived or chained only, 4 not verifiable, 5 no server.

Examples:
  dacapo log verify                          the log of the running server
  dacapo log verify --data-dir .dacapo       the store itself, without a server
  dacapo log verify --file orders.dacapo     an exported file, anywhere";
