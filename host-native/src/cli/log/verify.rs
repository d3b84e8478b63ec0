//! `dacapo log verify`: decides every step again and compares it with what was written.

use std::io::{Write as _, stdout};

use clap::Args;
use dacapo::export::{Span, renderer};
use dacapo_engine::process::Process;
use dacapo_log::replay::{Report, Verdict, Verifier, verify_file};
use dacapo_log::wire::{LogFile, ReadLimits, StoredFrame};
use serde_json::{Value, json};

use super::source::{Log, Piece, SourceArgs};
use crate::cli::failure::{Exit, Failure, Outcome};
use crate::cli::paint::Paint;
use crate::cli::progress::Progress;

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

/// Runs the command.
pub async fn run(args: &VerifyArgs) -> Outcome {
    let report = match args.source.open(Span::ALL).await {
        Ok(Log::File(file)) => verify(&file),
        Ok(log) => verify_store(log).await?,
        // The bytes are not even a log file: that, too, is a verdict.
        Err(failure) if failure.exit == Exit::Incident => {
            Report { damage: Some(failure.text), ..Report::default() }
        }
        Err(failure) => return Err(failure),
    };
    let mut out = stdout().lock();
    if args.json {
        writeln!(out, "{:#}", as_json(&report))?;
    } else {
        for line in lines(&report, Paint::stdout()) {
            writeln!(out, "{line}")?;
        }
    }
    let is_verifiable = report.verdict() != Verdict::NotVerifiable;
    Ok(if is_verifiable { Exit::Ok } else { Exit::Incident })
}

fn verify(file: &LogFile) -> Report {
    let mut progress = Progress::new("verify", file.items().len() as u64);
    let report =
        verify_file::<Process>(file, renderer(), &ReadLimits::UNTRUSTED, |_, _| progress.add(1));
    progress.finish();
    report
}

/// Verifies a store: the bytes, their hashes, and the columns beside them.
async fn verify_store(log: Log) -> Result<Report, Failure> {
    let mut progress = Progress::new("verify", log.total());
    let mut verifier = Verifier::<Process>::new(renderer(), ReadLimits::TRUSTED);
    let mut damage = None;
    log.for_each(|piece, records| {
        let Piece::Frame(bytes, Some(columns)) = piece else { return Ok(()) };
        let is_over = damage.is_some() || verifier.report().verdict() == Verdict::NotVerifiable;
        if !is_over && verifier.push(&bytes, Some(&columns.hash)) {
            damage = columns_damage(columns);
        }
        progress.add(records);
        Ok(())
    })
    .await?;
    progress.finish();
    let mut report = verifier.report().clone();
    report.damage = report.damage.or(damage);
    Ok(report)
}

/// Tells whether the columns beside a frame are those of its bytes.
fn columns_damage(columns: StoredFrame) -> Option<String> {
    let position = columns.position.0;
    match StoredFrame::from_bytes::<Process>(columns.body.clone(), columns.hash) {
        Ok(derived) if derived == columns => None,
        Ok(_) => Some(format!("position {position}: expected the columns of the frame's bytes, found others")),
        Err(error) => Some(error.to_string()),
    }
}

fn lines(report: &Report, paint: Paint) -> Vec<String> {
    let verdict = report.verdict();
    let meaning = match verdict {
        Verdict::ReDerived => "every step was decided again and came out byte by byte",
        Verdict::ChainedOnly => "the hash chain holds, but not every step could be decided again",
        Verdict::NotVerifiable => "the log is damaged, or was decided otherwise than it says",
    };
    let name = match verdict {
        Verdict::ReDerived => paint.green(verdict.name()),
        Verdict::ChainedOnly => paint.yellow(verdict.name()),
        Verdict::NotVerifiable => paint.red(verdict.name()),
    };
    let mut lines = vec![
        format!("{name}: {meaning}"),
        format!(
            "  {} records in {} steps, up to position {}",
            report.records, report.frames, report.position.0
        ),
        format!("  decided again: {}", report.re_derived),
    ];
    for (what, count) in [
        ("imposed by the host, never decided again", report.imposed),
        ("decided by other semantics, replayed", report.other_semantics),
        ("chained only, their bytes or those before are not here", report.chained),
    ] {
        if count > 0 {
            lines.push(format!("  {what}: {count}"));
        }
    }
    lines.extend(report.difference.as_ref().map(|it| format!("  first difference: {it}")));
    lines.extend(report.damage.as_ref().map(|it| format!("  damage: {it}")));
    lines
}

fn as_json(report: &Report) -> Value {
    let difference = report.difference.as_ref().map(|it| {
        json!({
            "position": it.position.0,
            "record": it.record,
            "field": it.field,
            "expected": it.expected,
            "found": it.found,
        })
    });
    json!({
        "verdict": report.verdict().name(),
        "position": report.position.0,
        "steps": report.frames,
        "records": report.records,
        "re_derived": report.re_derived,
        "imposed": report.imposed,
        "other_semantics": report.other_semantics,
        "chained": report.chained,
        "difference": difference,
        "damage": report.damage,
    })
}

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
