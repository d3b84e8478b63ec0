//! Literals, names, brackets, and what may follow them: paths, filters, calls.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::builtins;
use super::super::value::{RangeForm, Value};
use super::ast::{Callee, Comparison, Kind, Node, Quantifier, RangeNode};
use super::entries;
use super::lexer::TokenKind;
use super::literal;
use super::parser::{Parse, Parser};

impl Parser<'_> {
    /// Parses a primary expression and all paths, filters and calls behind it.
    pub(super) fn postfix(&mut self) -> Parse<Node> {
        let start = self.start();
        let node = self.primary()?;
        if !matches!(self.peek().kind, TokenKind::Symbol("." | "[" | "(")) {
            return Ok(node);
        }
        self.postfix_after(start, node)
    }

    /// Parses all paths, filters and calls behind a node.
    pub(super) fn postfix_after(&mut self, start: u32, first: Node) -> Parse<Node> {
        let mut node = first;
        loop {
            let depth = node.depth;
            if self.take(".") {
                let name = self.property(&node)?;
                node = self.node(start, depth, Kind::Path(Box::new(node), name))?;
            } else if self.is("[") && !self.is_interval_close() {
                self.advance();
                let mark = self.bindings.mark();
                self.bindings.bind(&Arc::from("item"));
                self.entries(&node).iter().for_each(|name| self.bindings.bind(name));
                let condition = self.expression()?;
                self.bindings.unbind(mark);
                self.expect("]")?;
                let depth = depth.max(condition.depth);
                node =
                    self.node(start, depth, Kind::Filter(Box::new(node), Box::new(condition)))?;
            } else if self.is("(") {
                node = self.call(start, depth, Callee::Node(Box::new(node)))?;
            } else {
                return Ok(node);
            }
        }
    }

    fn primary(&mut self) -> Parse<Node> {
        let (start, token) = (self.start(), self.peek());
        match token.kind {
            TokenKind::Number => {
                self.advance();
                self.node(start, 0, literal::number(self.text(token)))
            }
            TokenKind::Text => {
                let text = literal::unescape(self.text(token))
                    .ok_or_else(|| self.error("a text with valid escapes"))?;
                self.advance();
                self.node(start, 0, Kind::Constant((&*text).into()))
            }
            TokenKind::Temporal => {
                let text = self.text(token).strip_prefix('@').unwrap_or_default();
                let text = literal::unescape(text)
                    .ok_or_else(|| self.error("a text with valid escapes"))?;
                self.advance();
                self.node(start, 0, literal::temporal(&text))
            }
            TokenKind::Symbol("(") => self.parenthesised(start),
            TokenKind::Symbol("[") => self.list(start),
            TokenKind::Symbol("]") if !self.closes() => {
                self.advance();
                let low = self.expression()?;
                self.interval(start, Some(low), false)
            }
            TokenKind::Symbol("{") => self.context(start),
            TokenKind::Word | TokenKind::Quoted => self.word(start),
            _ => Err(self.error("an expression")),
        }
    }

    /// Tells whether a `]` ends what stands before it, and begins no interval.
    fn closes(&self) -> bool {
        matches!(
            self.peek_at(1).kind,
            TokenKind::End | TokenKind::Symbol("," | ")" | "]" | "}" | "." | "..")
        )
    }

    fn word(&mut self, start: u32) -> Parse<Node> {
        if let Some((name, length)) = self.known_name() {
            (0..length).for_each(|_| self.advance());
            return self.variable(start, name);
        }
        if let Some((builtin, length)) = self.builtin_name() {
            (0..length).for_each(|_| self.advance());
            return self.call(start, 0, Callee::Builtin(builtin));
        }
        let token = self.peek();
        let constant = match (token.kind, self.text(token)) {
            (TokenKind::Quoted, text) => {
                self.advance();
                return self.variable(start, Arc::from(text.trim_matches('`')));
            }
            (_, "if") => return self.conditional(),
            (_, "for") => return self.iteration(),
            (_, "some") => return self.quantified(Quantifier::Some),
            (_, "every") => return self.quantified(Quantifier::Every),
            (_, "function") => return self.function(),
            (_, "and" | "or") if self.peek_at(1).kind == TokenKind::Symbol("(") => {
                return self.connective(start);
            }
            (_, "null") => Value::Null,
            (_, "true") => Value::Bool(true),
            (_, "false") => Value::Bool(false),
            (_, word) if KEYWORDS.contains(&word) => return Err(self.error("an expression")),
            (_, word) => {
                self.advance();
                return self.variable(start, Arc::from(word));
            }
        };
        self.advance();
        self.node(start, 0, Kind::Constant(constant))
    }

    /// Parses `and(…)` and `or(…)`, older names of `all` and `any`.
    fn connective(&mut self, start: u32) -> Parse<Node> {
        let name = if self.is_word("and") { "all" } else { "any" };
        let builtin = builtins::find(name).ok_or_else(|| self.error("an expression"))?;
        self.advance();
        self.call(start, 0, Callee::Builtin(builtin))
    }

    fn variable(&mut self, start: u32, name: Arc<str>) -> Parse<Node> {
        self.bindings.note(&name);
        self.uses_input |= *name == *"?";
        self.uses_partial |= *name == *"partial";
        self.node(start, 0, Kind::Variable(name))
    }

    /// Parses `(expression)`, `(1..2]` or a range with one end: `(< 5)`.
    fn parenthesised(&mut self, start: u32) -> Parse<Node> {
        self.expect("(")?;
        if let Some(comparison) = self.take_comparison() {
            let end = self.expression()?;
            self.expect(")")?;
            return self.half_open(start, comparison, end);
        }
        let inner = self.expression()?;
        if self.is("..") {
            return self.interval(start, Some(inner), false);
        }
        self.expect(")")?;
        Ok(inner)
    }

    fn half_open(&mut self, start: u32, comparison: Comparison, end: Node) -> Parse<Node> {
        let depth = end.depth;
        let is_included =
            matches!(comparison, Comparison::LessOrEqual | Comparison::GreaterOrEqual);
        let range = match comparison {
            Comparison::Less | Comparison::LessOrEqual => RangeNode {
                start: None,
                is_start_included: false,
                end: Some(end),
                is_end_included: is_included,
                form: RangeForm::Ends,
                constant: None,
            },
            Comparison::Greater | Comparison::GreaterOrEqual => RangeNode {
                start: Some(end),
                is_start_included: is_included,
                end: None,
                is_end_included: false,
                form: RangeForm::Ends,
                constant: None,
            },
            Comparison::Equal | Comparison::NotEqual => {
                let is_equal = comparison == Comparison::Equal;
                RangeNode {
                    start: Some(end),
                    is_start_included: is_equal,
                    end: None,
                    is_end_included: is_equal,
                    form: if is_equal { RangeForm::Equal } else { RangeForm::NotEqual },
                    constant: None,
                }
            }
        };
        self.range(start, depth, range)
    }

    /// Parses `[a, b]` or `[a..b]`.
    fn list(&mut self, start: u32) -> Parse<Node> {
        self.expect("[")?;
        let mut items = Vec::new();
        while !self.take("]") {
            if !items.is_empty() {
                self.expect(",")?;
            }
            items.push(self.expression()?);
            if items.len() == 1 && self.is("..") {
                return self.interval(start, items.pop(), true);
            }
        }
        let depth = Node::depth_below(&items);
        let constant = |node: &Node| match &node.kind {
            Kind::Constant(value) => Some(value.clone()),
            _ => None,
        };
        match items.iter().map(constant).collect::<Option<Vec<_>>>() {
            Some(values) => self.node(start, depth, Kind::Constant(values.into())),
            None => self.node(start, depth, Kind::List(items)),
        }
    }

    /// Parses `{a: 1, b: a + 1}`; entries see the ones before them.
    fn context(&mut self, start: u32) -> Parse<Node> {
        self.expect("{")?;
        let mark = self.bindings.mark();
        let mut entries: Vec<(Arc<str>, Node)> = Vec::new();
        while !self.take("}") {
            if !entries.is_empty() {
                self.expect(",")?;
            }
            let token = self.peek();
            let name: Arc<str> = if token.kind == TokenKind::Text {
                let name = literal::unescape(self.text(token))
                    .ok_or_else(|| self.error("a text with valid escapes"))?;
                self.advance();
                name.into()
            } else {
                self.name("a name", |parser| parser.is(":"))?
            };
            if entries.iter().any(|(other, _)| *other == name) {
                return Err(self.error(&format!("'{name}' only once")));
            }
            self.expect(":")?;
            let value = self.expression()?;
            self.bindings.bind_with(&name, entries::inside(&value));
            entries.push((name, value));
        }
        self.bindings.unbind(mark);
        let depth = Node::depth_below(entries.iter().map(|(_, node)| node));
        self.node(start, depth, Kind::Context(entries))
    }

    /// Parses a name of one or several tokens that ends where `is_end` says.
    pub(super) fn name(&mut self, expected: &str, is_end: fn(&Self) -> bool) -> Parse<Arc<str>> {
        let token = self.peek();
        if token.kind == TokenKind::Quoted {
            self.advance();
            return Ok(Arc::from(self.text(token).trim_matches('`')));
        }
        if token.kind != TokenKind::Word {
            return Err(self.error(expected));
        }
        let mut name = String::from(self.text(token));
        self.advance();
        let mut end = token.span.end;
        while !is_end(self) {
            let token = self.peek();
            let is_part = match token.kind {
                TokenKind::Word | TokenKind::Number => true,
                TokenKind::Symbol(symbol) => NAME_SYMBOLS.contains(&symbol),
                TokenKind::Unknown => self.text(token) == "'" || self.text(token) == "\u{2019}",
                _ => false,
            };
            if !is_part {
                return Err(self.error("the end of the name"));
            }
            if token.span.start > end {
                name.push(' ');
            }
            name.push_str(self.text(token));
            end = token.span.end;
            self.advance();
        }
        Ok(name.into())
    }

    /// Parses the name behind a dot.
    fn property(&mut self, base: &Node) -> Parse<Arc<str>> {
        let mark = self.bindings.mark();
        self.entries(base).iter().for_each(|name| self.bindings.bind(name));
        let known = self.known_name();
        self.bindings.unbind(mark);
        let fixed = PROPERTIES.iter().find(|words| self.are_words(words));
        let fixed = fixed.map(|words| (Arc::from(words.join(" ")), words.len()));
        if let Some((name, length)) = known.or(fixed) {
            (0..length).for_each(|_| self.advance());
            return Ok(name);
        }
        let token = self.peek();
        match token.kind {
            TokenKind::Word => {
                self.advance();
                Ok(Arc::from(self.text(token)))
            }
            TokenKind::Quoted => {
                self.advance();
                Ok(Arc::from(self.text(token).trim_matches('`')))
            }
            _ => Err(self.error("a name")),
        }
    }

    /// Returns the longest name of several tokens that stands here, however they are spaced, and how many they are.
    pub(super) fn known_name(&self) -> Option<(Arc<str>, usize)> {
        self.bindings.longest(
            |pattern| {
                let mut parts = pattern.iter().enumerate();
                parts.all(|(ahead, part)| self.text(self.peek_at(ahead)) == part)
            },
            |name, length| {
                let end = self.peek_at(length.saturating_sub(1)).span.end;
                self.source.get(self.start() as usize..end as usize) == Some(name)
            },
        )
    }

    /// Returns the built-in function that is called here, and the tokens of its name.
    fn builtin_name(&self) -> Option<(&'static builtins::Builtin, usize)> {
        let mut name = String::new();
        let mut found = None;
        for ahead in 0..BUILTIN_WORDS_MAX {
            let token = self.peek_at(ahead);
            if token.kind != TokenKind::Word {
                break;
            }
            // most words are followed by neither
            let next = self.peek_at(ahead + 1).kind;
            if ahead == 0 && next != TokenKind::Word && next != TokenKind::Symbol("(") {
                break;
            }
            if ahead > 0 {
                name.push(' ');
            }
            name.push_str(self.text(token));
            if next == TokenKind::Symbol("(") && !self.bindings.is_bound(&name) {
                found = builtins::find(&name).map(|builtin| (builtin, ahead + 1)).or(found);
            }
        }
        found
    }

    fn are_words(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(ahead, word)| self.text(self.peek_at(ahead)) == *word)
    }

    /// Tells whether the `[` here closes an interval, because nothing behind it can be a filter.
    fn is_interval_close(&self) -> bool {
        let next = self.peek_at(1);
        self.is_interval_end
            && match next.kind {
                TokenKind::End => true,
                TokenKind::Symbol(symbol) => !matches!(symbol, "(" | "[" | "{" | "-"),
                TokenKind::Word => KEYWORDS.contains(&self.text(next)),
                _ => false,
            }
    }
}

const BUILTIN_WORDS_MAX: usize = 5;
/// What may stand inside a name.
const NAME_SYMBOLS: &[&str] = &[".", "/", "-", "+", "*", "**"];
/// Properties of several words.
const PROPERTIES: &[&[&str]] = &[&["time", "offset"], &["start", "included"], &["end", "included"]];
/// Words that start no expression by themselves.
const KEYWORDS: &[&str] =
    &["then", "else", "in", "return", "satisfies", "and", "or", "between", "instance", "of"];
