//! Boxed expressions, and the elements that hold them.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::graph::{
    Boxed, Element, ElementKind, Iteration, Lambda, Logic, Parameter, Service, Slot,
};
use super::super::problem::ProblemCode;
use super::super::xml::{self, Node};
use super::reader::{Draft, Reader};
use super::{requirements, table};

/// Reads the expressions of all elements.
pub(super) fn read(reader: &mut Reader<'_>) {
    let drafts = core::mem::take(&mut reader.drafts);
    // services refer to drafts by place: what they need stays readable
    reader.drafts = drafts.iter().map(Draft::stub).collect();
    for draft in drafts {
        reader.file = draft.file;
        let names = scope_names(reader, &draft);
        let kind = reader.within(names, |reader| element_kind(reader, &draft));
        reader.elements.push(Element {
            id: draft.id,
            name: draft.name,
            label: draft.label,
            version_tag: version_tag(draft.node),
            file: draft.file,
            location: reader.location(draft.node),
            type_of: draft.type_of,
            kind,
            requires: draft.requires,
            order: Vec::new(),
        });
    }
}

/// Returns the names that the expressions of an element see.
fn scope_names(reader: &Reader<'_>, draft: &Draft<'_>) -> Vec<Arc<str>> {
    let mut names = Vec::new();
    for requirement in &draft.requires {
        let target = reader.drafts.get(requirement.target as usize);
        names.extend(requirement.import.clone());
        names.extend(target.map(|it| it.name.clone()));
    }
    if draft.node.tag_name().name() == "businessKnowledgeModel" {
        names.push(draft.name.clone());
    }
    names
}

/// Returns the tag that a version of a decision can be referred to by: an extension of Zeebe's.
fn version_tag(node: Node<'_>) -> Option<Arc<str>> {
    let mut extensions = xml::child(node, "extensionElements")?.children();
    let tag = extensions.find(|it| {
        it.tag_name().name() == "versionTag" && it.tag_name().namespace() == Some(ZEEBE)
    })?;
    xml::attribute(tag, "value").map(Into::into)
}

fn element_kind<'a>(reader: &mut Reader<'a>, draft: &Draft<'a>) -> ElementKind {
    let node = draft.node;
    match node.tag_name().name() {
        "decision" => ElementKind::Decision(inner(reader, node)),
        "businessKnowledgeModel" => {
            let function = match xml::child(node, "encapsulatedLogic") {
                Some(logic) => lambda(reader, logic),
                None => Lambda::of(missing(reader, node, "an encapsulatedLogic")),
            };
            ElementKind::Knowledge(Arc::new(function))
        }
        "decisionService" => ElementKind::Service(service(reader, node)),
        _ => ElementKind::Input,
    }
}

fn service<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Service {
    let mut targets = |tag: &'static str, kind: &str| -> Vec<u32> {
        let found = xml::named(node, tag).collect::<Vec<_>>().into_iter();
        found.filter_map(|it| requirements::target(reader, it, &[kind])).collect()
    };
    let outputs = targets("outputDecision", "decision");
    let data = targets("inputData", "inputData");
    let decisions = targets("inputDecision", "decision");
    if outputs.is_empty() {
        let message = "expected an outputDecision, found none";
        reader.problem(node, ProblemCode::ExpressionMissing, message);
    }
    let inputs: Vec<u32> = data.into_iter().chain(decisions).collect();
    let drafts = inputs.iter().filter_map(|it| reader.drafts.get(*it as usize));
    let names = drafts.map(|it| it.name.clone()).collect();
    Service { outputs, inputs, names }
}

/// Reads the one expression inside a node.
pub(super) fn inner<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Boxed {
    match xml::children(node).find(|it| is_expression(*it)) {
        Some(expression) => boxed(reader, expression),
        None => missing(reader, node, "an expression"),
    }
}

fn boxed<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Boxed {
    let type_of = reader.type_reference(node);
    let logic = match node.tag_name().name() {
        "literalExpression" => literal(reader, node),
        "decisionTable" => Logic::Table(Arc::new(table::read(reader, node))),
        "context" => context(reader, node),
        "list" => {
            let items = xml::children(node).filter(|it| is_expression(*it));
            Logic::List(items.map(|it| boxed(reader, it)).collect())
        }
        "relation" => relation(reader, node),
        "invocation" => invocation(reader, node),
        "functionDefinition" => Logic::Function(Arc::new(lambda(reader, node))),
        "conditional" => Logic::Conditional(Box::new((
            part(reader, node, "if"),
            part(reader, node, "then"),
            part(reader, node, "else"),
        ))),
        "filter" => filter(reader, node),
        "for" => Logic::For(Box::new(iteration(reader, node, "return", &["partial"]))),
        "some" => Logic::Some(Box::new(iteration(reader, node, "satisfies", &[]))),
        _ => Logic::Every(Box::new(iteration(reader, node, "satisfies", &[]))),
    };
    // the type of a function definition is that of its result
    let type_of = type_of.filter(|_| !matches!(logic, Logic::Function(_)));
    Boxed { id: xml::attribute(node, "id").map(Into::into), logic, type_of }
}

fn literal<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Logic {
    if let Some(reason) = other_language(reader, node) {
        return Logic::Missing(reason);
    }
    let Some(text) = xml::child(node, "text").filter(|it| !xml::content(*it).trim().is_empty())
    else {
        return missing(reader, node, "a text").logic;
    };
    reader.expression(text).map_or_else(Logic::Missing, Logic::Literal)
}

/// Notes that an expression is not written in FEEL.
pub(super) fn other_language<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<String> {
    let root = node.document().root_element();
    let language = xml::attribute(node, "expressionLanguage")
        .or_else(|| root.attribute("expressionLanguage").map(str::trim))?;
    let is_feel = language.is_empty()
        || language.eq_ignore_ascii_case("feel")
        || language.trim_end_matches('/').to_ascii_uppercase().ends_with("/FEEL")
        || language.contains("/spec/FEEL/")
        || language.contains("/spec/DMN/");
    if is_feel {
        return None;
    }
    let message = format!("expected an expression in FEEL, found '{language}'");
    reader.problem(node, ProblemCode::LanguageNotSupported, message.clone());
    Some(message)
}

fn context<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Logic {
    let mark = reader.names.len();
    let mut slots: Vec<Slot> = Vec::new();
    let mut seen = BTreeSet::new();
    for part in xml::named(node, "contextEntry") {
        let variable = xml::child(part, "variable");
        let name = variable.and_then(|it| xml::attribute(it, "name"));
        if let Some(name) = name.filter(|name| !seen.insert(*name)) {
            let message = format!("expected a unique name, found '{name}' before");
            reader.problem(part, ProblemCode::NameNotUnique, message);
        }
        let type_of = variable.and_then(|it| reader.type_reference(it));
        let value = inner(reader, part);
        let name: Option<Arc<str>> = name.map(Into::into);
        name.iter().for_each(|name| reader.names.push(name.clone()));
        slots.push(Slot { name, type_of, value });
    }
    reader.names.truncate(mark);
    Logic::Context(slots)
}

fn relation<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Logic {
    let columns: Vec<_> = xml::named(node, "column").map(|it| parameter(reader, it)).collect();
    let mut rows = Vec::new();
    for row in xml::named(node, "row") {
        let cells = xml::children(row).filter(|it| is_expression(*it));
        let cells: Vec<_> = cells.map(|it| boxed(reader, it)).collect();
        if cells.len() != columns.len() {
            let message = format!("expected {} cells, found {}", columns.len(), cells.len());
            reader.problem(row, ProblemCode::CellsMismatch, message);
        }
        rows.push(cells);
    }
    Logic::Relation(columns, rows)
}

fn invocation<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Logic {
    let callee = inner(reader, node);
    let mut slots = Vec::new();
    for binding in xml::named(node, "binding") {
        let Some(parameter) = xml::child(binding, "parameter") else {
            reader.problem(binding, ProblemCode::NameMissing, "expected a parameter, found none");
            continue;
        };
        let type_of = reader.type_reference(parameter);
        let name = xml::attribute(parameter, "name").unwrap_or_default();
        // an argument that is not given is null
        let value = match xml::children(binding).find(|it| is_expression(*it)) {
            Some(expression) => boxed(reader, expression),
            None => Boxed::of(Logic::Missing("expected an argument, found none".into())),
        };
        slots.push(Slot { name: Some(name.into()), type_of, value });
    }
    Logic::Invocation(Box::new(callee), slots)
}

fn lambda<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Lambda {
    let mut parameters: Vec<_> =
        xml::named(node, "formalParameter").map(|it| parameter(reader, it)).collect();
    if parameters.is_empty() && node.tag_name().name() == "encapsulatedLogic" {
        parameters = table::parameters(reader, node);
    }
    let names: Vec<Arc<str>> = parameters.iter().map(|it| it.name.clone()).collect();
    let result = reader.type_reference(node);
    let kind = xml::attribute(node, "kind").unwrap_or("FEEL");
    let outside = core::mem::take(&mut reader.used);
    let body = match kind {
        "FEEL" => reader.within(names.clone(), |reader| inner(reader, node)),
        other => {
            let message = format!("expected a function of FEEL, found one of {other}");
            reader.problem(node, ProblemCode::LanguageNotSupported, message.clone());
            Boxed::of(Logic::Missing(message))
        }
    };
    let used = core::mem::replace(&mut reader.used, outside);
    let captures = used.iter().cloned().collect();
    reader.used.extend(used);
    Lambda { parameters, names, result, body, captures }
}

fn filter<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Logic {
    let items = part(reader, node, "in");
    let condition = reader.within([Arc::from("item")], |reader| part(reader, node, "match"));
    Logic::Filter(Box::new((items, condition)))
}

fn iteration<'a>(
    reader: &mut Reader<'a>,
    node: Node<'a>,
    tag: &'static str,
    names: &[&str],
) -> Iteration {
    let name: Arc<str> = xml::attribute(node, "iteratorVariable").unwrap_or_default().into();
    if name.is_empty() {
        let message = "expected an attribute 'iteratorVariable', found none";
        reader.problem(node, ProblemCode::NameMissing, message);
    }
    let domain = xml::child(node, "in");
    let type_of = domain.and_then(|it| reader.type_reference(it));
    let items = part(reader, node, "in");
    let mut inside: BTreeSet<Arc<str>> = BTreeSet::new();
    inside.extend(names.iter().map(|it| Arc::from(*it)).chain([name.clone()]));
    let outside = core::mem::take(&mut reader.used);
    let body = reader.within(inside, |reader| part(reader, node, tag));
    let uses_partial = reader.used.contains("partial");
    reader.used.extend(outside);
    Iteration { name, type_of, items, body, uses_partial }
}

fn part<'a>(reader: &mut Reader<'a>, node: Node<'a>, tag: &'static str) -> Boxed {
    match xml::child(node, tag) {
        Some(child) => inner(reader, child),
        None => missing(reader, node, &format!("a part '{tag}'")),
    }
}

fn parameter<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Parameter {
    let type_of = reader.type_reference(node);
    let name = xml::attribute(node, "name");
    if name.is_none() {
        reader.problem(node, ProblemCode::NameMissing, "expected a name, found none");
    }
    Parameter { name: name.unwrap_or_default().into(), type_of }
}

fn missing<'a>(reader: &mut Reader<'a>, node: Node<'a>, what: &str) -> Boxed {
    let other = xml::children(node).find(|it| is_unknown(*it));
    let (code, found) = match other {
        Some(other) => (ProblemCode::ExpressionUnknown, other.tag_name().name()),
        None => (ProblemCode::ExpressionMissing, "none"),
    };
    let message = format!("expected {what} in {}, found {found}", node.tag_name().name());
    reader.problem(node, code, message.clone());
    Boxed::of(Logic::Missing(message))
}

fn is_expression(node: Node<'_>) -> bool {
    EXPRESSIONS.contains(&node.tag_name().name())
}

/// Tells whether a child may have been meant as an expression.
fn is_unknown(node: Node<'_>) -> bool {
    let tag = node.tag_name().name();
    let is_part = ["Requirement", "Parameter", "Elements", "Reference", "Owner", "Maker"]
        .iter()
        .any(|it| tag.ends_with(it));
    !is_part && !PARTS.contains(&tag)
}

impl Boxed {
    pub(super) fn of(logic: Logic) -> Self {
        Self { id: None, logic, type_of: None }
    }
}

impl Lambda {
    fn of(body: Boxed) -> Self {
        Self { parameters: Vec::new(), names: Vec::new(), result: None, body, captures: Vec::new() }
    }
}

impl Draft<'_> {
    /// Returns a copy without its requirements.
    fn stub(&self) -> Self {
        Self {
            node: self.node,
            file: self.file,
            id: self.id.clone(),
            name: self.name.clone(),
            label: self.label.clone(),
            type_of: self.type_of,
            requires: Vec::new(),
        }
    }
}

const EXPRESSIONS: [&str; 12] = [
    "literalExpression",
    "decisionTable",
    "context",
    "list",
    "relation",
    "invocation",
    "functionDefinition",
    "conditional",
    "filter",
    "for",
    "some",
    "every",
];
const PARTS: [&str; 22] = [
    "description",
    "question",
    "allowedAnswers",
    "variable",
    "binding",
    "text",
    "usingProcess",
    "usingTask",
    "supportedObjective",
    "decisionOwner",
    "decisionMaker",
    "documentation",
    "importedValues",
    "formalParameter",
    "in",
    "match",
    "return",
    "satisfies",
    "if",
    "then",
    "else",
    "extensionElements",
];

const ZEEBE: &str = "http://camunda.org/schema/zeebe/1.0";
