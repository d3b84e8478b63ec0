//! What every part of the reader needs: texts with their places, expressions, references, problems.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;

use super::names;
use crate::bpmn::excerpt;
use crate::bpmn::problem::{ProblemCode, Report};
use crate::bpmn::spec::StaticOrExpression;
use crate::feel::Expression;
use crate::xml::{Location, Positions};

/// A node of the tree.
pub(super) type Node<'a> = roxmltree::Node<'a, 'a>;

/// Reads one file.
pub(super) struct Reader<'a, 'r> {
    positions: Positions<'a>,
    report: &'r mut Report,
    /// The `message` elements of the file by id.
    pub(super) messages: BTreeMap<&'a str, Node<'a>>,
    /// The `error` elements of the file by id.
    pub(super) errors: BTreeMap<&'a str, Node<'a>>,
    ids: BTreeMap<&'a str, Location>,
}

/// A text of the file, and where problems with it are told.
pub(super) struct Text<'a> {
    pub(super) value: String,
    node: Node<'a>,
    pub(super) location: Location,
}

impl<'a, 'r> Reader<'a, 'r> {
    pub(super) fn new(text: &'a str, report: &'r mut Report) -> Self {
        Self {
            positions: Positions::new(text),
            report,
            messages: BTreeMap::new(),
            errors: BTreeMap::new(),
            ids: BTreeMap::new(),
        }
    }

    pub(super) fn location(&self, node: Node<'a>) -> Location {
        self.positions.locate(node.range().start)
    }

    /// Notes a problem with a node.
    pub(super) fn problem(
        &mut self,
        node: Node<'a>,
        code: ProblemCode,
        message: impl Into<String>,
    ) {
        let location = self.location(node);
        self.report.add(location, owner_id(node), code, message);
    }

    /// Notes a problem with a text.
    pub(super) fn text_problem(
        &mut self,
        text: &Text<'a>,
        code: ProblemCode,
        message: impl Into<String>,
    ) {
        self.report.add(text.location, owner_id(text.node), code, message);
    }

    /// Returns an attribute that is there and not blank.
    pub(super) fn attribute(&self, node: Node<'a>, name: &str) -> Option<Text<'a>> {
        let attribute = node.attribute_node(name)?;
        let value = attribute.value().to_owned();
        let location = self.positions.locate(attribute.range().start);
        (!value.trim().is_empty()).then_some(Text { value, node, location })
    }

    /// Returns an attribute, or notes that it is missing.
    pub(super) fn required(&mut self, node: Node<'a>, name: &str) -> Option<Text<'a>> {
        let text = self.attribute(node, name);
        if text.is_none() {
            let tag = node.tag_name().name();
            let found = if node.has_attribute(name) { "an empty one" } else { "none" };
            let message = format!("expected an attribute '{name}' on {tag}, found {found}");
            self.problem(node, ProblemCode::ValueMissing, message);
        }
        text
    }

    /// Returns the text between the tags of a node, without blanks around it.
    pub(super) fn body(&mut self, node: Node<'a>) -> Option<Text<'a>> {
        let pieces = node.children().filter(roxmltree::Node::is_text).filter_map(|it| it.text());
        let value = pieces.collect::<String>().trim().to_owned();
        if value.is_empty() {
            let tag = node.tag_name().name();
            let message = format!("expected a text in {tag}, found none");
            self.problem(node, ProblemCode::ValueMissing, message);
            return None;
        }
        Some(Text { value, node, location: self.location(node) })
    }

    /// Reads a text that is an expression if it begins with `=`.
    pub(super) fn static_or_expression(&mut self, text: &Text<'a>) -> StaticOrExpression {
        match expression_source(&text.value) {
            Some(source) => self
                .parse_expression(text, source)
                .map_or_else(blank, StaticOrExpression::Expression),
            None => StaticOrExpression::Static(text.value.as_str().into()),
        }
    }

    /// Reads a text that must be an expression.
    pub(super) fn expression(&mut self, text: &Text<'a>) -> Option<Expression> {
        let Some(source) = expression_source(&text.value) else {
            let found = excerpt::clip(&text.value);
            let message = format!("expected an expression, which begins with '=', found '{found}'");
            self.text_problem(text, ProblemCode::ExpressionExpected, message);
            return null();
        };
        self.parse_expression(text, source)
    }

    /// Reads a text that cannot be an expression.
    pub(super) fn static_text(&mut self, text: &Text<'a>) -> Arc<str> {
        if expression_source(&text.value).is_some() {
            let message =
                format!("expected a text, found the expression '{}'", excerpt::clip(&text.value));
            self.text_problem(text, ProblemCode::ExpressionNotAllowed, message);
        }
        text.value.as_str().into()
    }

    /// Returns the id of a node, once; notes when it is missing or taken.
    pub(super) fn id(&mut self, node: Node<'a>) -> Option<&'a str> {
        let Some(id) = node.attribute("id").filter(|it| !it.trim().is_empty()) else {
            let message = format!("expected an id on {}, found none", node.tag_name().name());
            self.problem(node, ProblemCode::IdMissing, message);
            return None;
        };
        let location = self.location(node);
        if let Some(first) = self.ids.get(id) {
            let Location { line, column } = *first;
            let message = format!("expected a unique id, found it first at {line}:{column}");
            self.problem(node, ProblemCode::IdNotUnique, message);
        } else {
            self.ids.insert(id, location);
        }
        Some(id)
    }

    fn parse_expression(&mut self, text: &Text<'a>, source: &str) -> Option<Expression> {
        match Expression::parse(source) {
            Ok(expression) => Some(expression),
            Err(error) => {
                let message = excerpt::explain(source, &error);
                self.text_problem(text, ProblemCode::ExpressionInvalid, message);
                null()
            }
        }
    }
}

/// Returns the children of a node that are elements of BPMN.
pub(super) fn bpmn_children<'a>(node: Node<'a>) -> impl Iterator<Item = Node<'a>> {
    node.children().filter(|it| it.is_element() && is_bpmn(*it))
}

/// Returns the children of a node with a name of the Zeebe extensions.
pub(super) fn zeebe_children<'a>(node: Node<'a>, tag: &str) -> impl Iterator<Item = Node<'a>> {
    node.children().filter(move |it| is_zeebe(*it) && it.tag_name().name() == tag)
}

pub(super) fn is_bpmn(node: Node<'_>) -> bool {
    node.tag_name().namespace() == Some(names::BPMN)
}

pub(super) fn is_zeebe(node: Node<'_>) -> bool {
    node.tag_name().namespace() == Some(names::ZEEBE)
}

/// Returns what stands for a text that cannot be read.
pub(super) fn blank() -> StaticOrExpression {
    null().map_or_else(|| StaticOrExpression::Static("".into()), StaticOrExpression::Expression)
}

fn null() -> Option<Expression> {
    Expression::parse("null").ok()
}

fn expression_source(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('=')
}

/// Returns the id of the flow element, message or process that a node belongs to.
fn owner_id(node: Node<'_>) -> Option<&str> {
    let holds_elements =
        |it: &Node<'_>| matches!(it.tag_name().name(), "definitions" | "process" | "subProcess");
    let owner =
        node.ancestors().find(|it| it.parent_element().is_none_or(|it| holds_elements(&it)));
    owner?.attribute("id")
}
