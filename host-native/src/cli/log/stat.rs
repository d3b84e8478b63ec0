//! `dacapo log stat`: what the log consists of, and what it costs.

use std::collections::BTreeMap;
use std::io::{Write as _, stdout};

use clap::Args;
use dacapo::export::Span;
use dacapo::names::process_names;
use dacapo_engine::feel::DateTime;
use dacapo_engine::record::Timestamp;
use dacapo_log::wire::{FrameView, Names, OutcomeKind, ReadLimits, RecordView};
use serde_json::{Value, json};

use super::source::{Piece, SourceArgs};
use crate::cli::failure::{Exit, Failure, Outcome};
use crate::cli::paint::Paint;

/// Measures the log: records, bytes, rejections, instances
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub struct StatArgs {
    /// Print the measures as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    source: SourceArgs,
}

/// What was counted.
#[derive(Default)]
struct Count {
    steps: u64,
    records: u64,
    bytes: u64,
    rejected: u64,
    hidden: u64,
    instances: u64,
    position: u64,
    times: Option<(Timestamp, Timestamp)>,
    intents: BTreeMap<String, Share>,
}

/// The share of one intent.
#[derive(Default)]
struct Share {
    steps: u64,
    records: u64,
    bytes: u64,
    rejected: u64,
}

/// Runs the command.
pub async fn run(args: &StatArgs) -> Outcome {
    let log = args.source.open(Span::ALL).await?;
    let (names, mut count) = (process_names(), Count::default());
    log.for_each("read", |piece| {
        match piece {
            Piece::Frame(bytes) => count.frame(bytes, &names)?,
            Piece::Stored(frame) => count.frame(&frame.body, &names)?,
            Piece::Leaf(..) => count.hidden += 1,
        }
        Ok(true)
    })
    .await?;
    let mut out = stdout().lock();
    if args.json {
        writeln!(out, "{:#}", count.as_json())?;
    } else {
        for line in count.lines(Paint::stdout()) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(Exit::Ok)
}

impl Count {
    fn frame(&mut self, bytes: &[u8], names: &Names) -> Result<(), Failure> {
        let view = FrameView::parse(bytes, &ReadLimits::TRUSTED)
            .map_err(|error| Failure::new(Exit::Incident, error.to_string()))?;
        let (records, size) = (u64::from(view.count), bytes.len() as u64);
        let rejected = u64::from(view.outcome() == OutcomeKind::Rejection);
        let intent = names.command(view.command.intent).unwrap_or("unknown");
        let share = self.intents.entry(intent.to_owned()).or_default();
        for (total, part) in [
            (&mut self.steps, 1),
            (&mut self.records, records),
            (&mut self.bytes, size),
            (&mut self.rejected, rejected),
            (&mut share.steps, 1),
            (&mut share.records, records),
            (&mut share.bytes, size),
            (&mut share.rejected, rejected),
        ] {
            *total += part;
        }
        let created = view.records.iter().filter(|it| is_creation(it, names));
        self.instances += created.count() as u64;
        self.position = view.last().0;
        let first = self.times.map_or(view.timestamp, |it| it.0);
        self.times = Some((first, view.timestamp));
        Ok(())
    }

    fn lines(&self, paint: Paint) -> Vec<String> {
        let per_record = self.bytes / self.records.max(1);
        let mut lines = vec![
            format!(
                "records    {} in {} steps, up to position {}",
                self.records, self.steps, self.position
            ),
            format!("bytes      {} ({per_record} per record)", self.bytes),
            format!(
                "rejected   {} of {} steps ({})",
                self.rejected,
                self.steps,
                percent(self.rejected, self.steps)
            ),
            format!("instances  {}", self.instances),
        ];
        if let Some((first, last)) = self.times {
            lines.push(format!("time       {} to {}", time(first), time(last)));
        }
        if self.hidden > 0 {
            lines.push(format!("not shown  {} steps whose bytes are elsewhere", self.hidden));
        }
        let head = format!(
            "{:<28}{:>9}{:>9}{:>9}{:>12}{:>9}",
            "intent", "steps", "rejected", "records", "bytes", "share"
        );
        lines.extend([String::new(), paint.bold(head)]);
        for (intent, it) in self.by_bytes() {
            lines.push(format!(
                "{intent:<28}{:>9}{:>9}{:>9}{:>12}{:>9}",
                it.steps,
                it.rejected,
                it.records,
                it.bytes,
                percent(it.bytes, self.bytes)
            ));
        }
        lines
    }

    fn by_bytes(&self) -> Vec<(&String, &Share)> {
        let mut shares: Vec<_> = self.intents.iter().collect();
        shares.sort_by_key(|(_, it)| std::cmp::Reverse(it.bytes));
        shares
    }

    fn as_json(&self) -> Value {
        let intents: Vec<_> = self
            .by_bytes()
            .into_iter()
            .map(|(intent, it)| {
                json!({
                    "intent": intent,
                    "steps": it.steps,
                    "rejected": it.rejected,
                    "records": it.records,
                    "bytes": it.bytes,
                })
            })
            .collect();
        json!({
            "steps": self.steps,
            "records": self.records,
            "bytes": self.bytes,
            "rejected": self.rejected,
            "instances": self.instances,
            "hidden_steps": self.hidden,
            "position": self.position,
            "first_timestamp": self.times.map(|it| it.0.0),
            "last_timestamp": self.times.map(|it| it.1.0),
            "intents": intents,
        })
    }
}

fn is_creation(record: &RecordView<'_>, names: &Names) -> bool {
    match record {
        RecordView::Event { intent, .. } => names.event(*intent) == Some("instance.created"),
        RecordView::Rejection { .. } => false,
    }
}

fn time(timestamp: Timestamp) -> String {
    DateTime::from_epoch_ms(timestamp.0).to_string()
}

fn percent(part: u64, whole: u64) -> String {
    let tenths = part * 1_000 / whole.max(1);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

const HELP: &str = "\
Examples:
  dacapo log stat
  dacapo log stat --json | jq '.rejected / .steps'
  dacapo log stat --file orders.dacapo";
