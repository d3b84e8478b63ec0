//! Where two frames differ, in words.

use std::fmt;

use dacapo_engine::record::Position;

use super::scan::Scan;
use super::token::{Token, describe};
use super::view::KERNEL_INTENT_MAX;
use super::{FrameView, Names, ReadLimits};

/// The first difference of two frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The record that differs.
    pub position: Position,
    /// The path of the field, with long names, such as `records.0.body.amount`.
    pub field: String,
    /// What stands in the first frame.
    pub expected: String,
    /// What stands in the second frame.
    pub found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { position, field, expected, found } = self;
        write!(f, "expected {expected} in {field} of position {}, found {found}", position.0)
    }
}

/// Returns the first difference of two frames; none if they are the same.
pub fn first_difference(expected: &[u8], found: &[u8], names: &Names) -> Option<Difference> {
    if expected == found {
        return None;
    }
    let view = FrameView::parse(expected, &ReadLimits::TRUSTED).ok();
    let (first, intent) =
        view.map_or((Position(0), 0), |view| (view.position, view.command.intent));
    let is_kernel = intent <= KERNEL_INTENT_MAX;
    let mut walk = Walk { a: Scan::new(expected), b: Scan::new(found), path: Vec::new() };
    let (expected, found) =
        walk.values().unwrap_or_else(|| ("these bytes".to_owned(), "others".to_owned()));
    let position = match walk.path.as_slice() {
        [Step::Field("r"), Step::Item(item), ..] => first.plus(u64::from(*item) + 1),
        _ => first,
    };
    // What stands around a body is the kernel's; within it, the names are those of its owner.
    let body = walk.path.iter().position(|step| matches!(step, Step::Field("b")));
    let is_around = |at: usize| body.is_none_or(|body| at <= body);
    let steps = walk.path.iter().enumerate();
    let field = steps.map(|(at, step)| step.name(names, is_kernel || is_around(at)));
    let field = field.collect::<Vec<_>>().join(".");
    Some(Difference { position, field, expected, found })
}

/// Two values that are read side by side. The path is left standing where they differ.
struct Walk<'a> {
    a: Scan<'a>,
    b: Scan<'a>,
    path: Vec<Step<'a>>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Field(&'a str),
    Item(u32),
}

impl Step<'_> {
    fn name(&self, names: &Names, is_kernel: bool) -> String {
        match self {
            Self::Field(short) => names
                .field(short, is_kernel)
                .map_or_else(|| (*short).to_owned(), |it| it.long.to_owned()),
            Self::Item(number) => number.to_string(),
        }
    }
}

impl<'a> Walk<'a> {
    /// Returns the words for both sides where they differ. Depth is bounded: at least one side is a frame that was parsed.
    fn values(&mut self) -> Option<(String, String)> {
        let (a, b) = (self.a.token(), self.b.token());
        match (a, b) {
            (Ok(Token::List(a)), Ok(Token::List(b))) => self.items(a, b),
            (Ok(Token::Map(a)), Ok(Token::Map(b))) => self.fields(a, b),
            (Ok(a), Ok(b)) if a == b => None,
            (a, b) => Some((words(a), words(b))),
        }
    }

    fn items(&mut self, a: u32, b: u32) -> Option<(String, String)> {
        for item in 0..a.min(b) {
            self.path.push(Step::Item(item));
            let difference = self.values();
            if difference.is_some() {
                return difference;
            }
            self.path.pop();
        }
        (a != b).then(|| (format!("{a} items"), format!("{b} items")))
    }

    fn fields(&mut self, a: u32, b: u32) -> Option<(String, String)> {
        for _ in 0..a.min(b) {
            let (name, other) = (self.a.token(), self.b.token());
            if let Ok(Token::Text(name)) = name {
                self.path.push(Step::Field(name));
            }
            if name != other {
                return Some((words(name), words(other)));
            }
            let difference = self.values();
            if difference.is_some() {
                return difference;
            }
            if let Ok(Token::Text(_)) = name {
                self.path.pop();
            }
        }
        (a != b).then(|| (format!("{a} fields"), format!("{b} fields")))
    }
}

fn words(token: Result<Token<'_>, super::WireError>) -> String {
    token.map_or_else(|_| "the end".to_owned(), describe)
}
