//! Tests of a value: the right side of `in`, and the cells of decision tables.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::evaluation::make_range;
use super::super::value::RangeForm;
use super::super::value::Value;
use super::ast::{Kind, RangeNode, Test};
use super::lexer::TokenKind;
use super::parser::{Parse, Parser};

impl Parser<'_> {
    /// Parses the right side of `in`: one test, or several in parentheses.
    pub(super) fn membership(&mut self) -> Parse<Vec<Test>> {
        let mark = self.bindings.mark();
        self.bindings.bind(&Arc::from("?"));
        let uses_input = self.uses_input;
        let tests = if self.is("(") { self.nested(Self::grouped) } else { self.single() };
        self.uses_input = uses_input;
        self.bindings.unbind(mark);
        tests
    }

    /// Parses the tests of a cell: `-`, or tests separated by commas.
    pub(super) fn unary_tests(&mut self) -> Parse<Vec<Test>> {
        self.bindings.bind(&Arc::from("?"));
        if self.is("-") && self.peek_at(1).kind == TokenKind::End {
            self.advance();
            return Ok(alloc::vec![Test::Any]);
        }
        self.tests()
    }

    /// Tells whether a cell begins as `not(…)` around everything does.
    pub(super) fn may_be_negated(&self) -> bool {
        self.is_word("not") && self.peek_at(1).kind == TokenKind::Symbol("(")
    }

    /// Parses a cell as `not(…)` around everything.
    pub(super) fn negated(&mut self) -> Parse<Vec<Test>> {
        self.bindings.bind(&Arc::from("?"));
        self.advance();
        self.expect("(")?;
        let tests = self.tests()?;
        self.expect(")")?;
        Ok(alloc::vec![Test::Not(tests)])
    }

    fn tests(&mut self) -> Parse<Vec<Test>> {
        let mut tests = Vec::new();
        loop {
            tests.push(self.test(Self::expression)?);
            if !self.take(",") {
                return Ok(tests);
            }
        }
    }

    /// Parses `(test, test)`, or an interval that is open at its start: `(1..2]`.
    fn grouped(&mut self) -> Parse<Vec<Test>> {
        let start = self.start();
        self.expect("(")?;
        let mut tests = self.tests()?;
        let is_single = tests.len() == 1;
        match tests.pop() {
            Some(Test::Value { node, .. }) if is_single && self.is("..") => {
                let node = self.interval(start, Some(node), false)?;
                tests.push(Test::Value { node, is_condition: false });
            }
            Some(Test::Value { node, is_condition }) if is_single => {
                self.expect(")")?;
                // the parentheses may have been those of an operand: `x in (list)[1]`
                let node = self.operand_after(start, node)?;
                tests.push(Test::Value { node, is_condition });
            }
            last => {
                self.expect(")")?;
                tests.extend(last);
            }
        }
        Ok(tests)
    }

    fn single(&mut self) -> Parse<Vec<Test>> {
        Ok(alloc::vec![self.test(Self::operand)?])
    }

    fn test(&mut self, parse: fn(&mut Self) -> Parse<super::ast::Node>) -> Parse<Test> {
        if let Some(comparison) = self.take_comparison() {
            return Ok(Test::Compare(comparison, self.operand()?));
        }
        self.uses_input = false;
        let node = parse(self)?;
        let is_condition = core::mem::take(&mut self.uses_input);
        Ok(Test::Value { node, is_condition })
    }

    /// Parses an interval from its `..` on.
    pub(super) fn interval(
        &mut self,
        start: u32,
        low: Option<super::ast::Node>,
        is_start_included: bool,
    ) -> Parse<super::ast::Node> {
        self.expect("..")?;
        let outer = core::mem::replace(&mut self.is_interval_end, true);
        let high = self.nested(Self::operand);
        self.is_interval_end = outer;
        let high = high?;
        let is_end_included = self.take("]");
        if !is_end_included && !self.take(")") && !self.take("[") {
            return Err(self.error("']', ')' or '['"));
        }
        let depth = high.depth.max(low.as_ref().map_or(0, |node| node.depth));
        let range = RangeNode {
            start: low,
            is_start_included,
            end: Some(high),
            is_end_included,
            form: RangeForm::Ends,
            constant: None,
        };
        self.range(start, depth, range)
    }

    /// Builds a range, as a constant when its ends are.
    pub(super) fn range(
        &self,
        start: u32,
        depth: u32,
        range: RangeNode,
    ) -> Parse<super::ast::Node> {
        let constant = constant_range(&range);
        let range = RangeNode { constant, ..range };
        self.node(start, depth, Kind::Range(alloc::boxed::Box::new(range)))
    }
}

/// Returns the value of a range whose ends are constants, if there is one.
fn constant_range(range: &RangeNode) -> Option<Value> {
    let end = |node: &Option<super::ast::Node>| match node.as_ref().map(|it| &it.kind) {
        None => Some(None),
        Some(Kind::Constant(value)) => Some(Some(value.clone())),
        Some(_) => None,
    };
    make_range(range, end(&range.start)?, end(&range.end)?)
}
