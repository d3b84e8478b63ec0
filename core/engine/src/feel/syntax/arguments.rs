//! The arguments of calls.

use alloc::boxed::Box;
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::ast::{Arguments, Callee, Kind, Node};
use super::lexer::TokenKind;
use super::parser::{Parse, Parser};

impl Parser<'_> {
    /// Parses the arguments of a call and builds it.
    pub(super) fn call(&mut self, start: u32, depth: u32, callee: Callee) -> Parse<Node> {
        self.expect("(")?;
        let arguments = match self.is_named() {
            true => Arguments::Named(self.named()?),
            false => Arguments::Positional(self.positional()?),
        };
        let below = match &arguments {
            Arguments::Positional(nodes) => Node::depth_below(nodes),
            Arguments::Named(nodes) => Node::depth_below(nodes.iter().map(|(_, node)| node)),
        };
        self.node(start, depth.max(below), Kind::Call(Box::new((callee, arguments))))
    }

    fn positional(&mut self) -> Parse<Vec<Node>> {
        let mut nodes = Vec::new();
        while !self.take(")") {
            if !nodes.is_empty() {
                self.expect(",")?;
            }
            nodes.push(self.expression()?);
        }
        Ok(nodes)
    }

    fn named(&mut self) -> Parse<Vec<(Arc<str>, Node)>> {
        let mut nodes: Vec<(Arc<str>, Node)> = Vec::new();
        while !self.take(")") {
            if !nodes.is_empty() {
                self.expect(",")?;
            }
            let name = self.name("the name of a parameter", |parser| parser.is(":"))?;
            if nodes.iter().any(|(other, _)| *other == name) {
                return Err(self.error(&format!("'{name}' only once")));
            }
            self.expect(":")?;
            nodes.push((name, self.expression()?));
        }
        Ok(nodes)
    }

    /// Tells whether words and a colon follow.
    fn is_named(&self) -> bool {
        let words = (0..).take_while(|ahead| {
            matches!(self.peek_at(*ahead).kind, TokenKind::Word | TokenKind::Quoted)
        });
        let count = words.count();
        count > 0 && self.peek_at(count).kind == TokenKind::Symbol(":")
    }
}
