//! Which names mean what while an expression is parsed.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::expression::ParseError;
use super::lexer::{TokenKind, tokens};

/// The names in scope at a place of the source, and the ones that were used.
#[derive(Debug, Default)]
pub(super) struct Bindings {
    /// Names of the caller that are not plain words.
    known: Vec<(Arc<str>, Pattern)>,
    /// Names bound inside the expression, innermost last.
    locals: Vec<(Arc<str>, Pattern)>,
    /// Names of several tokens that entries of locals have, with the place of the local.
    entries: Vec<(usize, Arc<str>)>,
    functions: Vec<FunctionScope>,
    free: Names,
}

/// Names in order of appearance, each once.
#[derive(Debug, Default)]
struct Names {
    order: Vec<Arc<str>>,
    /// The same; kept from the first name that makes a search slow.
    seen: BTreeSet<Arc<str>>,
}

/// The tokens that a name consists of.
type Pattern = Vec<String>;

#[derive(Debug)]
struct FunctionScope {
    /// Where the parameters start among the locals.
    start: usize,
    captures: Names,
}

impl Bindings {
    pub(super) fn new(names: &[&str]) -> Result<Self, ParseError> {
        let known = names.iter().map(|name| Ok((Arc::from(*name), pattern(name)?)));
        let known = known.collect::<Result<Vec<_>, ParseError>>()?;
        Ok(Self { known, ..Self::default() })
    }

    /// Brings names into scope; returns what `unbind` needs.
    pub(super) fn mark(&self) -> usize {
        self.locals.len()
    }

    pub(super) fn bind(&mut self, name: &Arc<str>) {
        let pattern = pattern(name).unwrap_or_default();
        self.locals.push((name.clone(), pattern));
    }

    /// Brings a name into scope whose value has these entries.
    pub(super) fn bind_with(&mut self, name: &Arc<str>, entries: Vec<Arc<str>>) {
        let place = self.locals.len();
        self.bind(name);
        self.entries.extend(entries.into_iter().map(|it| (place, it)));
    }

    /// Returns the names of several tokens that entries of a local have.
    pub(super) fn entries_of(&self, name: &str) -> Vec<Arc<str>> {
        let place = self.locals.iter().rposition(|(local, _)| **local == *name);
        let entries = self.entries.iter().filter(|(it, _)| Some(*it) == place);
        entries.map(|(_, name)| name.clone()).collect()
    }

    /// Takes all names out of scope that were bound since the mark.
    pub(super) fn unbind(&mut self, mark: usize) {
        self.locals.truncate(mark);
        while self.entries.last().is_some_and(|(place, _)| *place >= mark) {
            self.entries.pop();
        }
    }

    /// Starts a function; its parameters are bound after this.
    pub(super) fn enter_function(&mut self) {
        self.functions.push(FunctionScope { start: self.locals.len(), captures: Names::default() });
    }

    /// Ends a function; returns the names that it takes from outside.
    pub(super) fn leave_function(&mut self) -> Vec<Arc<str>> {
        let Some(function) = self.functions.pop() else { return Vec::new() };
        self.unbind(function.start);
        function.captures.order
    }

    /// Notes that a name is used; tells whether it is bound inside the expression.
    pub(super) fn note(&mut self, name: &Arc<str>) -> bool {
        let place = self.locals.iter().rposition(|(local, _)| local == name);
        for function in &mut self.functions {
            if place.is_none_or(|place| place < function.start) {
                function.captures.add(name);
            }
        }
        if place.is_none() {
            self.free.add(name);
        }
        place.is_some()
    }

    /// Tells whether a name is bound inside the expression or given by the caller.
    pub(super) fn is_bound(&self, name: &str) -> bool {
        self.locals.iter().any(|(local, _)| **local == *name)
            || self.known.iter().any(|(known, pattern)| pattern.len() == 1 && **known == *name)
    }

    /// Returns the longest name whose tokens `matches` accepts, and how many they are; only names of several tokens
    /// count. Of several with the same tokens, it is the one that `is_written`.
    pub(super) fn longest(
        &self,
        matches: impl Fn(&[String]) -> bool,
        is_written: impl Fn(&str, usize) -> bool,
    ) -> Option<(Arc<str>, usize)> {
        let names = self.locals.iter().chain(&self.known).filter(|(_, it)| it.len() > 1);
        let mut best: Option<(&Arc<str>, usize)> = None;
        for (name, pattern) in names.filter(|(_, pattern)| matches(pattern)) {
            let length = pattern.len();
            let is_better = best.is_none_or(|(_, most)| {
                length > most || length == most && is_written(name, length)
            });
            if is_better {
                best = Some((name, length));
            }
        }
        best.map(|(name, length)| (name.clone(), length))
    }

    pub(super) fn into_free(self) -> Vec<Arc<str>> {
        self.free.order
    }
}

impl Names {
    fn add(&mut self, name: &Arc<str>) {
        let is_new = match self.order.len() < SEARCHED_MAX {
            true => !self.order.contains(name),
            false => {
                if self.seen.is_empty() {
                    self.seen.extend(self.order.iter().cloned());
                }
                self.seen.insert(name.clone())
            }
        };
        if is_new {
            self.order.push(name.clone());
        }
    }
}

fn pattern(name: &str) -> Result<Pattern, ParseError> {
    let tokens = tokens(name)?;
    let is_text = |kind: TokenKind| kind != TokenKind::End;
    let texts = tokens.iter().filter(|token| is_text(token.kind)).map(|token| {
        name.get(token.span.start as usize..token.span.end as usize).unwrap_or_default().to_string()
    });
    Ok(texts.collect())
}

const SEARCHED_MAX: usize = 12;
