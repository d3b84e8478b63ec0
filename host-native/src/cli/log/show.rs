//! `dacapo log show`: one line per record, each with the record that caused it.

use std::io::{Write, stdout};
use std::time::Duration;

use clap::Args;
use dacapo::export::{Span, renderer};
use dacapo_engine::record::{Key, Position};
use dacapo_log::wire::{FrameView, LinePrinter, ReadLimits, RecordKind, Renderer};

use super::source::{Piece, Place, SourceArgs};
use crate::cli::failure::{Exit, Failure, Outcome};
use crate::cli::paint::Paint;
use crate::cli::why::resolve;

/// Shows the records of the log, each with its cause
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub struct ShowArgs {
    /// Only what touched this instance: a key, @last or @incident
    #[arg(long, value_name = "INSTANCE")]
    instance: Option<String>,
    /// Begin with the step of this position
    #[arg(long, value_name = "POSITION", default_value_t = 1)]
    from: u64,
    /// End with the step of this position
    #[arg(long, value_name = "POSITION")]
    to: Option<u64>,
    /// Print one JSON object per step, with all fields
    #[arg(long)]
    json: bool,
    /// Go on with what happens from now on, until Ctrl-C
    #[arg(long, conflicts_with_all = ["to", "file", "instance"])]
    follow: bool,
    #[command(flatten)]
    source: SourceArgs,
}

/// Prints frames.
struct Printer {
    lines: LinePrinter,
    renderer: Renderer,
    is_json: bool,
    paint: Paint,
    range: (Position, Position),
    next: Position,
}

/// Runs the command.
pub async fn run(args: &ShowArgs) -> Outcome {
    let instance = match &args.instance {
        Some(argument) => Some(instance(args, argument).await?),
        None => None,
    };
    let (from, to) = (Position(args.from.max(1)), args.to.map(Position));
    let mut span = Span { from, to, instance };
    let mut printer = Printer::new(args, span);
    loop {
        printer.print(args.source.open(span).await?).await?;
        if !args.follow {
            return Ok(Exit::Ok);
        }
        tokio::time::sleep(PAUSE).await;
        span.from = printer.next;
    }
}

async fn instance(args: &ShowArgs, argument: &str) -> Result<Key, Failure> {
    if let Ok(key) = argument.parse() {
        return Ok(Key(key));
    }
    if args.source.file().is_some() {
        return Err(Failure::usage(format!("expected an instance key with --file: {argument}")));
    }
    match args.source.place().open().await? {
        Place::Server(client) => {
            let key = resolve(&client, argument).await?;
            key.parse().map(Key).map_err(|_| Failure::refused(format!("expected a key: {key}")))
        }
        Place::Store(_) => {
            Err(Failure::usage(format!("expected an instance key without a server: {argument}")))
        }
    }
}

impl Printer {
    fn new(args: &ShowArgs, span: Span) -> Self {
        Self {
            lines: LinePrinter::new(renderer(), 0),
            renderer: renderer(),
            is_json: args.json,
            paint: Paint::stdout(),
            range: (span.from, span.to.unwrap_or(Position(u64::MAX))),
            next: span.from,
        }
    }

    async fn print(&mut self, log: super::source::Log) -> Result<(), Failure> {
        let mut out = std::io::BufWriter::new(stdout().lock());
        log.for_each(|piece, _| match piece {
            Piece::Frame(bytes, _) => self.frame(&mut out, &bytes),
            Piece::Leaf => Ok(()),
        })
        .await?;
        Ok(out.flush()?)
    }

    fn frame(&mut self, out: &mut impl Write, bytes: &[u8]) -> Result<(), Failure> {
        let damaged =
            |error: dacapo_log::wire::WireError| Failure::new(Exit::Incident, error.to_string());
        let view = FrameView::parse(bytes, &ReadLimits::UNTRUSTED).map_err(damaged)?;
        if view.last() < self.next || view.last() < self.range.0 || view.position > self.range.1 {
            return Ok(());
        }
        self.next = view.last().next();
        if self.is_json {
            writeln!(out, "{}", self.renderer.frame(&view).map_err(damaged)?)?;
            return Ok(());
        }
        for line in self.lines.lines(&view).map_err(damaged)? {
            let text = self.lines.text(&line);
            let text = text.trim_end();
            let text = match line.kind {
                RecordKind::Command => self.paint.bold(text),
                RecordKind::Event => text.to_owned(),
                RecordKind::Rejection => self.paint.red(text),
                RecordKind::Control => self.paint.dim(text),
            };
            writeln!(out, "{text}")?;
        }
        Ok(())
    }
}

const PAUSE: Duration = Duration::from_millis(300);

const HELP: &str = "\
A line: position, C command | E event | R rejection | K control record, intent, <position of the cause, fields.
Keys have short names: #i1 is the first instance met, #j2 the second job.

Examples:
  dacapo log show --instance @last
  dacapo log show --from 100 --to 120 --json | jq .command.intent
  dacapo log show --follow
  dacapo log show --file orders.dacapo";
