//! `dacapo log show`: one line per record, each with the record that caused it.

use std::io::{BufWriter, Write, stdout};
use std::time::Duration;

use clap::Args;
use dacapo::export::Span;
use dacapo::names::{ProcessWords, process_names};
use dacapo_engine::kernel::{self, AnyEvent};
use dacapo_engine::process::Process;
use dacapo_engine::process::rows::instances;
use dacapo_engine::record::{Key, Position};
use dacapo_log::wire::{
    FrameView, Names, OutcomeKind, Printer, ReadLimits, WireError, decode_outcome, decode_view,
    frame_json,
};

use super::source::{Log, Piece, Place, SourceArgs};
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

/// What is shown, and how.
struct Show {
    names: Names,
    is_json: bool,
    paint: Paint,
    to: Position,
    next: Position,
    /// The only instance that is shown of a log that holds others, too.
    instance: Option<Key>,
}

/// Runs the command.
pub async fn run(args: &ShowArgs) -> Outcome {
    let instance = match &args.instance {
        Some(argument) => Some(instance(args, argument).await?),
        None => None,
    };
    let from = Position(args.from.max(1));
    let mut span = Span { from, to: args.to.map(Position), instance };
    let mut show = Show {
        names: process_names(),
        is_json: args.json,
        paint: Paint::stdout(),
        to: span.to.unwrap_or(Position(u64::MAX)),
        next: from,
        instance: instance.filter(|_| args.source.is_file()),
    };
    let names = show.names.clone();
    let mut printer = Printer::with_describe(&names, &ProcessWords);
    loop {
        show.all(args.source.open(span).await?, &mut printer).await?;
        if !args.follow {
            return Ok(Exit::Ok);
        }
        tokio::time::sleep(PAUSE).await;
        span.from = show.next;
    }
}

/// Finds the instance. Only a server knows which one is the newest.
async fn instance(args: &ShowArgs, argument: &str) -> Result<Key, Failure> {
    if let Ok(key) = argument.parse() {
        return Ok(Key(key));
    }
    let without = || Failure::usage(format!("expected a key, or a server to ask for `{argument}`"));
    if args.source.is_file() {
        return Err(without());
    }
    match args.source.place.open().await? {
        Place::Server(client) => resolve(&client, argument).await,
        Place::Store(_) => Err(without()),
    }
}

impl Show {
    async fn all(&mut self, log: Log, printer: &mut Printer<'_, Process>) -> Result<(), Failure> {
        let mut out = BufWriter::new(stdout().lock());
        log.for_each("read", |piece| {
            match piece {
                Piece::Frame(bytes) => self.frame(&mut out, bytes, printer)?,
                Piece::Stored(frame) => self.frame(&mut out, &frame.body, printer)?,
                Piece::Leaf(..) => {}
            }
            Ok(self.next <= self.to)
        })
        .await?;
        Ok(out.flush()?)
    }

    fn frame(
        &mut self,
        out: &mut impl Write,
        bytes: &[u8],
        printer: &mut Printer<'_, Process>,
    ) -> Result<(), Failure> {
        let view = FrameView::parse(bytes, &ReadLimits::UNTRUSTED).map_err(damaged)?;
        if view.last() < self.next || view.position > self.to {
            return Ok(());
        }
        self.next = view.last().next();
        if let Some(instance) = self.instance
            && !touches(&view, instance).map_err(damaged)?
        {
            return Ok(());
        }
        if self.is_json {
            writeln!(out, "{}", frame_json(bytes, &self.names).map_err(damaged)?)?;
            return Ok(());
        }
        let lines = printer.print(&decode_view(&view).map_err(damaged)?).map_err(damaged)?;
        for line in lines.lines() {
            writeln!(out, "{}", self.painted(&cut(line)))?;
        }
        Ok(())
    }

    /// Paints a line by the letter of its second column.
    fn painted(&self, line: &str) -> String {
        match line.split_whitespace().nth(1) {
            Some("C") => self.paint.bold(line),
            Some("R") => self.paint.red(line),
            Some("L") => self.paint.dim(line),
            _ => line.to_owned(),
        }
    }
}

/// Tells whether a step touched an instance: the ones that its export would show.
fn touches(view: &FrameView<'_>, instance: Key) -> Result<bool, WireError> {
    if view.outcome() != OutcomeKind::Events {
        return Ok(false);
    }
    let kernel::Outcome::Events(events) = decode_outcome::<Process>(view)? else {
        return Ok(false);
    };
    let of_machine = events.iter().filter_map(|it| match &it.event {
        AnyEvent::Machine(event) => Some((it.key, event)),
        AnyEvent::Kernel(_) => None,
    });
    Ok(instances(of_machine).contains(&instance))
}

/// Cuts a line that nobody would read to its end.
fn cut(line: &str) -> String {
    match line.char_indices().nth(LINE_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

fn damaged(error: WireError) -> Failure {
    Failure::new(Exit::Incident, error.to_string())
}

/// The whole record is in the JSON form.
const LINE_MAX: usize = 240;
const PAUSE: Duration = Duration::from_millis(300);

const HELP: &str = "\
A line: position, C command | E event | R rejection | L record of the log's own life, intent, <position of the cause,
what it is about. Keys have short names: #i is the first instance, #j2 the second job, @pay the element instance of pay.

Examples:
  dacapo log show --instance @last
  dacapo log show --from 100 --to 120 --json | jq .command.intent
  dacapo log show --follow
  dacapo log show --file orders.dacapo";
