//! From syntax tree to text: one way to write an expression, with parentheses where they are needed.

use alloc::string::String;
use core::fmt::{self, Write};

use super::super::builtins;
use super::super::expression::Span;
use super::super::text::{write_string, write_value};
use super::super::value::{RangeForm, Value};
use super::ast::{
    Arguments, Arithmetic, Callee, Comparison, Domain, Iterator, Kind, Node, Quantifier, RangeNode,
    Test,
};
use super::parser::{AND, COMPARISON, INSTANCE, OR, POWER, PRODUCT, SUM};
use super::print_type::write_type;

/// Prints an expression; what has no value keeps the text of its source.
pub(in super::super) fn print_expression(node: &Node, source: &str) -> String {
    let mut printer = Printer { text: String::new(), source };
    // writing to a string does not fail
    let _ = printer.node(node, OPEN);
    printer.text
}

/// Prints unary tests.
pub(in super::super) fn print_unary_tests(tests: &[Test], source: &str) -> String {
    let mut printer = Printer { text: String::new(), source };
    let _ = printer.tests(tests);
    printer.text
}

/// Writes a name, in backticks where it is no plain word.
pub(super) fn write_name(text: &mut String, name: &str) -> fmt::Result {
    let is_start = |it: char| it.is_alphabetic() || matches!(it, '_' | '?');
    let is_plain = name.starts_with(is_start)
        && name.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '?'));
    match is_plain && !RESERVED.contains(&name) && builtins::find(name).is_none() {
        true => text.write_str(name),
        false => write!(text, "`{name}`"),
    }
}

struct Printer<'a> {
    text: String,
    source: &'a str,
}

impl Printer<'_> {
    /// Writes a node, in parentheses if it binds weaker than asked for.
    fn node(&mut self, node: &Node, power_min: u32) -> fmt::Result {
        if power(&node.kind) >= power_min {
            return self.kind(&node.kind, node.span);
        }
        self.text.push('(');
        self.kind(&node.kind, node.span)?;
        self.text.write_str(")")
    }

    fn kind(&mut self, kind: &Kind, span: Span) -> fmt::Result {
        match kind {
            Kind::Constant(value) => self.constant(value),
            Kind::Failed(_) | Kind::Loose(..) => {
                let text = self.source.get(span.start as usize..span.end as usize);
                self.text.write_str(text.unwrap_or("null"))
            }
            Kind::Variable(name) => write_name(&mut self.text, name),
            Kind::Negate(operand) => {
                self.text.push('-');
                self.node(operand, NEGATION)
            }
            Kind::Arithmetic(it) => self.arithmetic(&it.0, &it.1),
            Kind::And(nodes) => self.separated(nodes, " and ", AND + 1),
            Kind::Or(nodes) => self.separated(nodes, " or ", OR + 1),
            Kind::Compare(operator, pair) => {
                self.node(&pair.0, INSTANCE)?;
                write!(self.text, " {} ", sign(*operator))?;
                self.node(&pair.1, INSTANCE)
            }
            Kind::Between(operands) => {
                self.node(&operands.0, INSTANCE)?;
                self.text.push_str(" between ");
                self.node(&operands.1, INSTANCE)?;
                self.text.push_str(" and ");
                self.node(&operands.2, INSTANCE)
            }
            Kind::In(it) => {
                self.node(&it.0, INSTANCE)?;
                self.text.push_str(" in (");
                self.tests(&it.1)?;
                self.text.write_str(")")
            }
            Kind::InstanceOf(it) => {
                self.node(&it.0, SUM)?;
                self.text.push_str(" instance of ");
                write_type(&mut self.text, &it.1)
            }
            _ => self.compound(kind),
        }
    }

    fn compound(&mut self, kind: &Kind) -> fmt::Result {
        match kind {
            Kind::If(it) => {
                for (condition, result) in &it.0 {
                    self.text.push_str("if ");
                    self.node(condition, OR)?;
                    self.text.push_str(" then ");
                    self.node(result, OR)?;
                    self.text.push_str(" else ");
                }
                self.node(&it.1, OR)
            }
            Kind::For(it) => {
                self.text.push_str("for ");
                self.iterators(&it.0)?;
                self.text.push_str(" return ");
                self.node(&it.1.body, OPEN)
            }
            Kind::Quantified(quantifier, it) => {
                let is_some = *quantifier == Quantifier::Some;
                self.text.push_str(if is_some { "some " } else { "every " });
                self.iterators(&it.0)?;
                self.text.push_str(" satisfies ");
                self.node(&it.1, OPEN)
            }
            Kind::Path(base, name) => {
                self.node(base, POSTFIX)?;
                self.text.push('.');
                write_name(&mut self.text, name)
            }
            Kind::Filter(base, condition) => {
                self.node(base, POSTFIX)?;
                self.text.push('[');
                self.node(condition, OPEN)?;
                self.text.write_str("]")
            }
            Kind::List(nodes) => {
                self.text.push('[');
                self.separated(nodes, ", ", OPEN)?;
                self.text.write_str("]")
            }
            Kind::Context(entries) => {
                self.text.push('{');
                for (place, (name, node)) in entries.iter().enumerate() {
                    self.text.push_str(if place > 0 { ", " } else { "" });
                    write_string(&mut self.text, name)?;
                    self.text.push_str(": ");
                    self.node(node, OPEN)?;
                }
                self.text.write_str("}")
            }
            Kind::Range(range) => self.range(range),
            Kind::Function(function) => {
                self.text.push_str("function(");
                for (place, name) in function.parameters.iter().enumerate() {
                    self.text.push_str(if place > 0 { ", " } else { "" });
                    write_name(&mut self.text, name)?;
                    if let Some(Some(wanted)) = function.types.get(place) {
                        self.text.push_str(": ");
                        write_type(&mut self.text, wanted)?;
                    }
                }
                self.text.push_str(") ");
                self.node(&function.body, OPEN)
            }
            Kind::Call(it) => self.call(&it.0, &it.1),
            _ => Ok(()),
        }
    }

    fn call(&mut self, callee: &Callee, arguments: &Arguments) -> fmt::Result {
        match callee {
            Callee::Builtin(builtin) => self.text.push_str(builtin.name),
            Callee::Node(node) => self.node(node, POSTFIX)?,
        }
        self.text.push('(');
        match arguments {
            Arguments::Positional(nodes) => self.separated(nodes, ", ", OPEN)?,
            Arguments::Named(nodes) => {
                for (place, (name, node)) in nodes.iter().enumerate() {
                    self.text.push_str(if place > 0 { ", " } else { "" });
                    write_name(&mut self.text, name)?;
                    self.text.push_str(": ");
                    self.node(node, OPEN)?;
                }
            }
        }
        self.text.write_str(")")
    }

    fn constant(&mut self, value: &Value) -> fmt::Result {
        match value {
            Value::List(list) => {
                self.text.push('[');
                for (place, item) in list.iter().enumerate() {
                    self.text.push_str(if place > 0 { ", " } else { "" });
                    self.constant(item)?;
                }
                self.text.write_str("]")
            }
            Value::Date(_)
            | Value::Time(_)
            | Value::DateTime(_)
            | Value::DaysDuration(_)
            | Value::MonthsDuration(_) => {
                self.text.push_str("@\"");
                write_value(&mut self.text, value)?;
                self.text.write_str("\"")
            }
            plain => write_value(&mut self.text, plain),
        }
    }

    fn arithmetic(&mut self, first: &Node, rest: &[(Arithmetic, Node)]) -> fmt::Result {
        let stronger = rest.first().map_or(OPEN, |(operator, _)| strength(*operator)) + 1;
        self.node(first, stronger)?;
        for (operator, node) in rest {
            let sign = match operator {
                Arithmetic::Add => " + ",
                Arithmetic::Subtract => " - ",
                Arithmetic::Multiply => " * ",
                Arithmetic::Divide => " / ",
                Arithmetic::Power => " ** ",
            };
            self.text.push_str(sign);
            self.node(node, stronger)?;
        }
        Ok(())
    }

    fn range(&mut self, range: &RangeNode) -> fmt::Result {
        let equals = |is_included: bool| if is_included { "= " } else { " " };
        match (&range.start, &range.end) {
            (Some(start), Some(end)) => {
                self.text.push(if range.is_start_included { '[' } else { '(' });
                self.node(start, OPEN)?;
                self.text.push_str("..");
                self.node(end, INSTANCE)?;
                self.text.push(if range.is_end_included { ']' } else { ')' });
                return Ok(());
            }
            (Some(start), None) if range.form != RangeForm::Ends => {
                let is_equal = range.form == RangeForm::Equal;
                self.text.push_str(if is_equal { "(= " } else { "(!= " });
                self.node(start, OPEN)?;
            }
            (Some(start), None) => {
                write!(self.text, "(>{}", equals(range.is_start_included))?;
                self.node(start, OPEN)?;
            }
            (None, Some(end)) => {
                write!(self.text, "(<{}", equals(range.is_end_included))?;
                self.node(end, OPEN)?;
            }
            (None, None) => self.text.push_str("(null"),
        }
        self.text.write_str(")")
    }

    fn iterators(&mut self, iterators: &[Iterator]) -> fmt::Result {
        for (place, iterator) in iterators.iter().enumerate() {
            self.text.push_str(if place > 0 { ", " } else { "" });
            write_name(&mut self.text, &iterator.name)?;
            self.text.push_str(" in ");
            match &iterator.domain {
                Domain::Items(node) => self.node(node, OR)?,
                Domain::Span(first, last) => {
                    self.node(first, OR)?;
                    self.text.push_str("..");
                    self.node(last, OR)?;
                }
            }
        }
        Ok(())
    }

    fn tests(&mut self, tests: &[Test]) -> fmt::Result {
        for (place, test) in tests.iter().enumerate() {
            self.text.push_str(if place > 0 { ", " } else { "" });
            match test {
                Test::Any => self.text.push('-'),
                Test::Compare(operator, node) => {
                    write!(self.text, "{} ", sign(*operator))?;
                    self.node(node, INSTANCE)?;
                }
                Test::Value { node, .. } => self.node(node, OPEN)?,
                Test::Not(tests) => {
                    self.text.push_str("not(");
                    self.tests(tests)?;
                    self.text.push(')');
                }
            }
        }
        Ok(())
    }

    fn separated(&mut self, nodes: &[Node], separator: &str, power_min: u32) -> fmt::Result {
        for (place, node) in nodes.iter().enumerate() {
            self.text.push_str(if place > 0 { separator } else { "" });
            self.node(node, power_min)?;
        }
        Ok(())
    }
}

/// Returns how strongly the outermost operator of a node binds.
fn power(kind: &Kind) -> u32 {
    match kind {
        Kind::If(_) | Kind::For(_) | Kind::Quantified(..) | Kind::Function(_) => OPEN,
        Kind::Or(_) => OR,
        Kind::And(_) => AND,
        Kind::Compare(..) | Kind::Between(_) | Kind::In(_) => COMPARISON,
        Kind::Arithmetic(it) => it.1.first().map_or(POSTFIX, |(operator, _)| strength(*operator)),
        Kind::Constant(Value::Number(number)) if number.is_negative() => NEGATION,
        Kind::Negate(_) => NEGATION,
        Kind::InstanceOf(_) => INSTANCE,
        Kind::Constant(_)
        | Kind::Failed(_)
        | Kind::Loose(..)
        | Kind::Variable(_)
        | Kind::Path(..)
        | Kind::Filter(..)
        | Kind::List(_)
        | Kind::Context(_)
        | Kind::Range(_)
        | Kind::Call(_) => POSTFIX,
    }
}

fn strength(operator: Arithmetic) -> u32 {
    match operator {
        Arithmetic::Add | Arithmetic::Subtract => SUM,
        Arithmetic::Multiply | Arithmetic::Divide => PRODUCT,
        Arithmetic::Power => POWER,
    }
}

fn sign(operator: Comparison) -> &'static str {
    match operator {
        Comparison::Equal => "=",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

// how strongly what is no binary operator binds
const OPEN: u32 = 0;
const NEGATION: u32 = POWER + 1;
const POSTFIX: u32 = POWER + 2;
/// Words that mean something else than a name at the start of an operand.
const RESERVED: &[&str] = &[
    "and",
    "between",
    "else",
    "every",
    "external",
    "false",
    "for",
    "function",
    "if",
    "in",
    "instance",
    "null",
    "of",
    "or",
    "return",
    "satisfies",
    "some",
    "then",
    "true",
];
