//! The kinds of nodes and what stands in their brackets.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::NotationError;
use super::draft::{Event, Kind, Message};
use super::scan::{Piece, Scanner};

/// Reads a kind from its name and what stands in its brackets, if there are any.
pub(super) fn kind(
    scanner: &Scanner<'_>,
    name: Piece<'_>,
    inside: Option<Piece<'_>>,
) -> Result<Kind, NotationError> {
    let reader = Reader { scanner, name, inside };
    if let Some(kind) = bare(name.text) {
        return reader.with_event_or_nothing(kind);
    }
    match name.text {
        "service" => Ok(Kind::Service(reader.text("the job type")?.text.into())),
        "script" => reader.script(),
        "rule" => reader.rule(),
        "receive" => Ok(Kind::Receive(reader.message(reader.text("the message")?.split_commas())?)),
        "catch" => Ok(Kind::Catch(reader.event(reader.text("an event")?.split_commas())?)),
        "timer" => Ok(Kind::Catch(timer(reader.text("a timer")?))),
        "boundary" => reader.boundary(),
        "sub" => Ok(Kind::SubProcess),
        _ => Err(scanner.error(name.at, KINDS)),
    }
}

/// Returns the kind of a node that is called like a kind and nowhere given one.
pub(super) fn bare(name: &str) -> Option<Kind> {
    Some(match name {
        "start" => Kind::Start(None),
        "end" => Kind::End(None),
        "manual" => Kind::Manual,
        "task" => Kind::Task,
        "xor" => Kind::Exclusive,
        "and" => Kind::Parallel,
        "events" => Kind::EventBased,
        _ => return None,
    })
}

struct Reader<'s, 'a> {
    scanner: &'s Scanner<'a>,
    name: Piece<'a>,
    inside: Option<Piece<'a>>,
}

impl<'a> Reader<'_, 'a> {
    fn text(&self, expected: &str) -> Result<Piece<'a>, NotationError> {
        let after_name = self.name.at + self.name.text.len();
        let inside = self.inside.filter(|it| !it.text.is_empty());
        let at = self.inside.map_or(after_name, |it| it.at);
        inside.ok_or_else(|| self.scanner.error(at, &format!("{expected} in brackets")))
    }

    /// Reads the brackets of a kind that needs none.
    fn with_event_or_nothing(&self, kind: Kind) -> Result<Kind, NotationError> {
        let Some(inside) = self.inside.filter(|it| !it.text.is_empty()) else { return Ok(kind) };
        match kind {
            Kind::Start(_) => Ok(Kind::Start(Some(self.event(inside.split_commas())?))),
            Kind::End(_) => Ok(Kind::End(Some(self.event(inside.split_commas())?))),
            _ => Err(self.scanner.error(inside.at, "nothing in these brackets")),
        }
    }

    fn script(&self) -> Result<Kind, NotationError> {
        let inside = self.text("a script such as 'result = a + 1'")?;
        if let ("job", job_type) = inside.split_word() {
            return Ok(Kind::ScriptJob(job_type.text.into()));
        }
        let (result, expression) = inside
            .split_equals()
            .ok_or_else(|| self.scanner.error(inside.at, "a script such as 'result = a + 1'"))?;
        Ok(Kind::Script { result: result.text.into(), expression: as_expression(expression.text) })
    }

    fn rule(&self) -> Result<Kind, NotationError> {
        let expected = "a decision such as 'result = decision'";
        let inside = self.text(expected)?;
        if let ("job", job_type) = inside.split_word() {
            return Ok(Kind::RuleJob(job_type.text.into()));
        }
        let mut pieces = inside.split_commas().into_iter();
        let called = pieces.next().and_then(Piece::split_equals);
        let (result, decision) = called.ok_or_else(|| self.scanner.error(inside.at, expected))?;
        let binding = match pieces.next().map(|it| (it, it.split_word())) {
            None => None,
            Some((_, ("deployment", _))) => Some(("deployment", String::new())),
            Some((_, ("tag", tag))) => Some(("versionTag", tag.text.into())),
            Some((piece, _)) => {
                return Err(self.scanner.error(piece.at, "'deployment', or 'tag' and a tag"));
            }
        };
        Ok(Kind::Rule { result: result.text.into(), decision: decision.text.into(), binding })
    }

    fn boundary(&self) -> Result<Kind, NotationError> {
        let inside = self.text("an event and 'on=' an activity")?;
        let (mut on, mut interrupting) = (None, true);
        let mut event = Vec::new();
        for piece in inside.split_commas() {
            match piece.split_equals() {
                Some((left, right)) if left.text == "on" => on = Some(right.text.into()),
                Some(_) | None => match piece.text {
                    "noninterrupting" => interrupting = false,
                    "interrupting" => interrupting = true,
                    _ => event.push(piece),
                },
            }
        }
        let on = on.ok_or_else(|| self.scanner.error(inside.at, "'on=' and an activity"))?;
        Ok(Kind::Boundary { event: self.event(event)?, on, interrupting })
    }

    fn event(&self, pieces: Vec<Piece<'a>>) -> Result<Event, NotationError> {
        let first = pieces.first().copied().unwrap_or(self.name);
        let (word, rest) = first.split_word();
        match word {
            "message" => {
                let mut pieces = pieces;
                if let Some(name) = pieces.first_mut() {
                    *name = rest;
                }
                Ok(Event::Message(self.message(pieces)?))
            }
            "timer" if !rest.text.is_empty() => Ok(timer(rest)),
            "error" => {
                Ok(Event::Error(Some(rest.text.into()).filter(|it: &String| !it.is_empty())))
            }
            "terminate" => Ok(Event::Terminate),
            _ => Err(self.scanner.error(first.at, "message, timer, error or terminate")),
        }
    }

    fn message(&self, pieces: Vec<Piece<'a>>) -> Result<Message, NotationError> {
        let mut pieces = pieces.into_iter();
        let name = pieces.next().unwrap_or(self.name);
        if name.text.is_empty() {
            return Err(self.scanner.error(name.at, "the name of a message"));
        }
        let key = pieces.next().map(|it| as_expression(it.text));
        if let Some(more) = pieces.next() {
            return Err(self.scanner.error(more.at, "nothing after the correlation key"));
        }
        Ok(Message { name: name.text.into(), key })
    }
}

/// Returns an expression with its `=`, which may have been left out.
pub(super) fn as_expression(text: &str) -> String {
    let text = text.trim();
    if text.starts_with('=') { text.into() } else { format!("={text}") }
}

fn timer(piece: Piece<'_>) -> Event {
    let (tag, text) = match piece.split_word() {
        ("date", rest) => ("timeDate", rest.text),
        ("duration", rest) => ("timeDuration", rest.text),
        ("cycle", rest) => ("timeCycle", rest.text),
        _ => (timer_tag(piece.text), piece.text),
    };
    Event::Timer { tag, text: text.into() }
}

fn timer_tag(text: &str) -> &'static str {
    if text.starts_with(['=', 'P', '-']) {
        "timeDuration"
    } else if text.starts_with(['R', '@']) || text.contains(char::is_whitespace) {
        "timeCycle"
    } else {
        "timeDate"
    }
}

const KINDS: &str = "a kind: start, end, service, script, rule, receive, manual, task, xor, and, events, \
                     catch, timer, boundary or sub";
