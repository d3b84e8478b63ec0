//! Decision tables.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::graph::{
    Aggregation, Cell, DecisionTable, HitPolicy, InputClause, OutputClause, Parameter, Rule, Test,
};
use super::super::problem::ProblemCode;
use super::super::types::{Shape, Type};
use super::super::xml::{self, Node};
use super::logic;
use super::reader::Reader;
use super::split::top_level_pieces;
use crate::feel::{Expression, UnaryTests};

/// Reads a decision table.
pub(super) fn read<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> DecisionTable {
    let policy = hit_policy(reader, node);
    let inputs: Vec<_> = xml::named(node, "input").map(|it| input(reader, it)).collect();
    let nodes: Vec<_> = xml::named(node, "output").collect();
    let outputs =
        (1..).zip(&nodes).map(|(place, it)| output(reader, *it, node, place, nodes.len()));
    let outputs: Vec<_> = outputs.collect();
    if outputs.is_empty() {
        let message = "expected an output, found none";
        reader.problem(node, ProblemCode::ExpressionMissing, message);
    }
    check_policy(reader, node, policy, &outputs);
    let mut rules = Vec::new();
    for it in xml::named(node, "rule") {
        let rule = rule(reader, it);
        for (what, expected, found) in [
            ("input", inputs.len(), rule.tests.len()),
            ("output", outputs.len(), rule.outputs.len()),
        ] {
            if expected != found {
                let message = format!("expected {expected} {what} cells, found {found}");
                reader.problem(it, ProblemCode::CellsMismatch, message);
            }
        }
        rules.push(rule);
    }
    DecisionTable { policy, aggregate: aggregate(policy), inputs, outputs, rules }
}

/// Returns what makes one value of all outputs. Counting needs none of them.
fn aggregate(policy: HitPolicy) -> Option<Expression> {
    let source = match policy {
        HitPolicy::Collect(Some(Aggregation::Sum)) => "sum(outputs)",
        HitPolicy::Collect(Some(Aggregation::Min)) => "min(outputs)",
        HitPolicy::Collect(Some(Aggregation::Max)) => "max(outputs)",
        HitPolicy::Collect(Some(Aggregation::Count) | None)
        | HitPolicy::Unique
        | HitPolicy::Any
        | HitPolicy::Priority
        | HitPolicy::First
        | HitPolicy::RuleOrder
        | HitPolicy::OutputOrder => return None,
    };
    Expression::parse(source).ok()
}

/// Returns the parameters of a knowledge model that is a table and names none: its input expressions are their names
/// (DMN 1.5, 10.2.1.7), unless one of them is no name.
pub(super) fn parameters<'a>(reader: &mut Reader<'a>, logic: Node<'a>) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    let inputs = xml::child(logic, "decisionTable").map(|it| xml::named(it, "input"));
    for input in inputs.into_iter().flatten() {
        let Some(expression) = xml::child(input, "inputExpression") else { return Vec::new() };
        let text = xml::child(expression, "text").map(xml::content).unwrap_or_default();
        let name: Arc<str> = text.trim().into();
        let parsed = Expression::parse_with_names(&name, &[&name]);
        if !parsed.is_ok_and(|it| *it.variables() == [name.clone()]) {
            return Vec::new();
        }
        if parameters.iter().all(|it| it.name != name) {
            parameters.push(Parameter { name, type_of: reader.type_reference(expression) });
        }
    }
    parameters
}

fn hit_policy<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> HitPolicy {
    let aggregation = match xml::attribute(node, "aggregation") {
        None => None,
        Some("SUM") => Some(Aggregation::Sum),
        Some("MIN") => Some(Aggregation::Min),
        Some("MAX") => Some(Aggregation::Max),
        Some("COUNT") => Some(Aggregation::Count),
        Some(other) => {
            let message = format!("expected SUM, MIN, MAX or COUNT, found '{other}'");
            reader.problem(node, ProblemCode::HitPolicyInvalid, message);
            None
        }
    };
    let policy = xml::attribute(node, "hitPolicy").unwrap_or("UNIQUE");
    let found = match policy {
        "UNIQUE" => HitPolicy::Unique,
        "ANY" => HitPolicy::Any,
        "PRIORITY" => HitPolicy::Priority,
        "FIRST" => HitPolicy::First,
        "RULE ORDER" => HitPolicy::RuleOrder,
        "OUTPUT ORDER" => HitPolicy::OutputOrder,
        "COLLECT" => return HitPolicy::Collect(aggregation),
        other => {
            let message = format!(
                "expected UNIQUE, ANY, PRIORITY, FIRST, RULE ORDER, OUTPUT ORDER or COLLECT, found '{other}'"
            );
            reader.problem(node, ProblemCode::HitPolicyInvalid, message);
            HitPolicy::Unique
        }
    };
    if aggregation.is_some() {
        let message = format!("expected an aggregation only with COLLECT, found it with {policy}");
        reader.problem(node, ProblemCode::HitPolicyInvalid, message);
    }
    found
}

fn check_policy<'a>(
    reader: &mut Reader<'a>,
    node: Node<'a>,
    policy: HitPolicy,
    outputs: &[OutputClause],
) {
    let aggregates = matches!(policy, HitPolicy::Collect(Some(it)) if it != Aggregation::Count);
    if aggregates && outputs.len() > 1 {
        let message = format!("expected one output to aggregate, found {}", outputs.len());
        reader.problem(node, ProblemCode::HitPolicyInvalid, message);
    }
    let orders = matches!(policy, HitPolicy::Priority | HitPolicy::OutputOrder);
    if orders && outputs.iter().all(|it| it.priorities.is_empty()) {
        let message = "expected outputValues, which give the priorities, found none";
        reader.problem(node, ProblemCode::HitPolicyInvalid, message);
    }
}

fn input<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> InputClause {
    let inner = xml::child(node, "inputExpression");
    let expression = match inner {
        Some(inner) => expression_cell(reader, inner),
        None => {
            let message = "expected an inputExpression, found none";
            reader.problem(node, ProblemCode::ExpressionMissing, message);
            Cell::Broken(message.into())
        }
    };
    let text = inner.and_then(|it| xml::child(it, "text")).map(xml::content);
    InputClause {
        id: xml::attribute(node, "id").map(Into::into),
        label: xml::attribute(node, "label")
            .map(Into::into)
            .or_else(|| text.map(|it| it.trim().into())),
        expression,
        type_of: inner.and_then(|it| reader.type_reference(it)),
        values: values(reader, node, "inputValues").0,
    }
}

fn output<'a>(
    reader: &mut Reader<'a>,
    node: Node<'a>,
    table: Node<'a>,
    place: u32,
    count: usize,
) -> OutputClause {
    let name = xml::attribute(node, "name");
    if count > 1 && name.is_none() {
        let message = "expected a name, since there are several outputs, found none";
        reader.problem(node, ProblemCode::NameMissing, message);
    }
    let type_of = reader.type_reference(node);
    let (values, mut priorities) = values(reader, node, "outputValues");
    if priorities.is_empty() {
        // the type may stand on the output, on the table or on the decision
        let outer = [table, table.parent_element().unwrap_or(table)];
        let names = outer.iter().filter_map(|it| {
            let variable = xml::child(*it, "variable").unwrap_or(*it);
            xml::attribute(variable, "typeRef")
        });
        let outer = names.filter_map(|it| reader.known_type(it));
        let outer = outer.filter_map(|it| match count {
            1 => Some(it),
            _ => component(reader, it, name?),
        });
        let types: Vec<Type> = type_of.into_iter().chain(outer).collect();
        priorities = types.iter().find_map(|it| allowed_texts(reader, *it)).unwrap_or_default();
    }
    let default = xml::child(node, "defaultOutputEntry")
        .filter(|it| xml::child(*it, "text").is_some_and(|it| !is_blank(it)));
    OutputClause {
        id: xml::attribute(node, "id").map(Into::into),
        shown: match name.or_else(|| xml::attribute(node, "label")) {
            Some(name) => name.into(),
            None => format!("output {place}").into(),
        },
        type_of,
        values,
        priorities,
        default: default.map(|it| expression_cell(reader, it)),
    }
}

fn rule<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Rule {
    Rule {
        id: xml::attribute(node, "id").map(Into::into),
        tests: xml::named(node, "inputEntry").map(|it| test(reader, it)).collect(),
        outputs: xml::named(node, "outputEntry").map(|it| expression_cell(reader, it)).collect(),
    }
}

fn test<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Test {
    let text = xml::child(node, "text").filter(|it| !is_blank(*it));
    let Some(text) = text.filter(|it| xml::content(*it).trim() != "-") else { return Test::Any };
    if let Some(reason) = logic::other_language(reader, node) {
        return Test::Broken(reason);
    }
    reader.within([Arc::from("?")], |reader| {
        reader.tests(text).map_or_else(Test::Broken, Test::Tests)
    })
}

/// Reads an expression that is null when nothing stands there.
fn expression_cell<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Cell {
    if let Some(reason) = logic::other_language(reader, node) {
        return Cell::Broken(reason);
    }
    match xml::child(node, "text").filter(|it| !is_blank(*it)) {
        Some(text) => reader.expression(text).map_or_else(Cell::Broken, Cell::Expression),
        None => Expression::parse("null")
            .map_or_else(|error| Cell::Broken(format!("{error}")), Cell::Expression),
    }
}

/// Reads a list of values, as a whole and each by itself.
fn values<'a>(
    reader: &mut Reader<'a>,
    node: Node<'a>,
    tag: &'static str,
) -> (Option<UnaryTests>, Vec<UnaryTests>) {
    let text = xml::child(node, tag).and_then(|it| xml::child(it, "text"));
    let Some(text) = text.filter(|it| !is_blank(*it)) else { return (None, Vec::new()) };
    let whole = reader.tests(text).ok();
    let pieces = top_level_pieces(&xml::content(text));
    let pieces = pieces.iter().filter_map(|it| reader.piece(it)).collect();
    (whole, pieces)
}

/// Returns the allowed values of a type, each by itself.
fn allowed_texts(reader: &Reader<'_>, start: Type) -> Option<Vec<UnaryTests>> {
    let mut at = start;
    for _ in 0..=reader.types.len() {
        let Type::Defined(place) = at else { return None };
        let definition = reader.types.get(place as usize)?;
        if !definition.priorities.is_empty() {
            return Some(definition.priorities.clone());
        }
        match definition.shape {
            Shape::Alias(next) => at = next,
            Shape::Components(_) | Shape::Function(..) => return None,
        }
    }
    None
}

/// Returns the type of a part of a type.
fn component(reader: &Reader<'_>, start: Type, name: &str) -> Option<Type> {
    let mut at = start;
    for _ in 0..=reader.types.len() {
        let Type::Defined(place) = at else { return None };
        match &reader.types.get(place as usize)?.shape {
            Shape::Alias(next) => at = *next,
            Shape::Components(places) => {
                let named = |place: &&u32| {
                    reader.types.get(**place as usize).is_some_and(|it| *it.name == *name)
                };
                return places.iter().find(named).map(|it| Type::Defined(*it));
            }
            Shape::Function(..) => return None,
        }
    }
    None
}

fn is_blank(text: Node<'_>) -> bool {
    xml::content(text).trim().is_empty()
}
