//! `if`, `for`, `some`, `every` and `function`.

use alloc::boxed::Box;
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::limits::PARAMETERS_MAX;
use super::ast::{Domain, For, FunctionNode, Iterator, Kind, Node, Quantifier};
use super::parser::{Parse, Parser};

impl Parser<'_> {
    /// Parses `if … then … else …`; what follows `else if` is another branch, not another level.
    pub(super) fn conditional(&mut self) -> Parse<Node> {
        let start = self.start();
        let mut branches = Vec::new();
        while self.take_word("if") {
            let condition = self.expression()?;
            self.expect_word("then")?;
            branches.push((condition, self.expression()?));
            self.expect_word("else")?;
        }
        let otherwise = self.expression()?;
        let below = branches.iter().flat_map(|(condition, result)| [condition, result]);
        let depth = Node::depth_below(below.chain([&otherwise]));
        self.node(start, depth, Kind::If(Box::new((branches, otherwise))))
    }

    /// Parses `for … return …`.
    pub(super) fn iteration(&mut self) -> Parse<Node> {
        let start = self.start();
        self.expect_word("for")?;
        let mark = self.bindings.mark();
        let iterators = self.iterators()?;
        self.expect_word("return")?;
        self.bindings.bind(&Arc::from("partial"));
        let outer = core::mem::take(&mut self.uses_partial);
        let body = self.expression()?;
        let uses_partial = core::mem::replace(&mut self.uses_partial, outer);
        self.bindings.unbind(mark);
        let depth = body.depth.max(iterators_depth(&iterators));
        self.node(start, depth, Kind::For(Box::new((iterators, For { body, uses_partial }))))
    }

    /// Parses `some … satisfies …` or `every … satisfies …`.
    pub(super) fn quantified(&mut self, quantifier: Quantifier) -> Parse<Node> {
        let start = self.start();
        self.advance();
        let mark = self.bindings.mark();
        let iterators = self.iterators()?;
        self.expect_word("satisfies")?;
        let condition = self.expression()?;
        self.bindings.unbind(mark);
        let depth = condition.depth.max(iterators_depth(&iterators));
        self.node(start, depth, Kind::Quantified(quantifier, Box::new((iterators, condition))))
    }

    /// Parses `function(…) …`.
    pub(super) fn function(&mut self) -> Parse<Node> {
        let start = self.start();
        self.expect_word("function")?;
        self.expect("(")?;
        self.bindings.enter_function();
        let (mut parameters, mut types) = (Vec::new(), Vec::new());
        while !self.take(")") {
            if !parameters.is_empty() {
                self.expect(",")?;
            }
            let name = self
                .name("a parameter", |parser| parser.is(",") || parser.is(")") || parser.is(":"))?;
            types.push(if self.take(":") { Some(self.type_name()?) } else { None });
            self.bindings.bind(&name);
            parameters.push(name);
            if parameters.len() > PARAMETERS_MAX as usize {
                return Err(self.error(&format!("at most {PARAMETERS_MAX} parameters")));
            }
        }
        let body_start = self.start();
        let body = if self.take_word("external") {
            self.expression()?;
            let reason = "expected a body written in FEEL, found an external function";
            self.node(body_start, 0, Kind::Failed(reason.into()))?
        } else {
            self.expression()?
        };
        let captures = self.bindings.leave_function();
        let depth = body.depth;
        let function = FunctionNode { parameters, types, body, captures };
        self.node(start, depth, Kind::Function(Arc::new(function)))
    }

    /// Parses the iterators of `for`, `some` and `every` and binds their names.
    fn iterators(&mut self) -> Parse<Vec<Iterator>> {
        let mut iterators = Vec::new();
        loop {
            let name = self.name("a name", |parser| parser.is_word("in"))?;
            self.expect_word("in")?;
            let first = self.expression()?;
            let domain = match self.take("..") {
                true => Domain::Span(first, self.expression()?),
                false => Domain::Items(first),
            };
            let entries = match &domain {
                Domain::Items(node) => self.entries(node),
                Domain::Span(..) => Vec::new(),
            };
            self.bindings.bind_with(&name, entries);
            iterators.push(Iterator { name, domain });
            if !self.take(",") {
                return Ok(iterators);
            }
        }
    }
}

fn iterators_depth(iterators: &[Iterator]) -> u32 {
    let depth = |iterator: &Iterator| match &iterator.domain {
        Domain::Items(node) => node.depth,
        Domain::Span(start, end) => start.depth.max(end.depth),
    };
    iterators.iter().map(depth).max().unwrap_or(0)
}
