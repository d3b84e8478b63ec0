//! What a decision model consists of, after reading. Elements refer to one another by place.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::model::DecisionInfo;
use super::types::{Type, TypeDefinition};
use crate::feel::{Context, Expression, UnaryTests, Value};
use crate::xml::Location;

/// All that is known after reading: elements refer to one another by place.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) id: Option<Arc<str>>,
    pub(super) name: Arc<str>,
    pub(super) namespace: Arc<str>,
    /// Where the definitions of the model itself stand.
    pub(super) location: Location,
    /// The resources that it was read from, by name; the first is the one that was asked for.
    pub(super) resources: Vec<Arc<str>>,
    pub(super) elements: Vec<Element>,
    pub(super) types: Vec<TypeDefinition>,
    /// The names under which the first resource imports others, and which.
    pub(super) imports: Vec<(Arc<str>, u32)>,
    /// Per file, the types that its expressions can name.
    pub(super) type_names: Vec<BTreeMap<Arc<str>, u32>>,
}

/// A place among the elements.
pub(super) type ElementIndex = u32;

/// An input, a decision, a business knowledge model or a decision service.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) id: Arc<str>,
    /// The name of its variable.
    pub(super) name: Arc<str>,
    /// The name shown to people.
    pub(super) label: Arc<str>,
    /// The author's name for the version.
    pub(super) version_tag: Option<Arc<str>>,
    /// The resource it stands in; the first is the one that was asked for.
    pub(super) file: u32,
    /// Where it stands there.
    pub(super) location: Location,
    pub(super) type_of: Option<Type>,
    pub(super) kind: ElementKind,
    pub(super) requires: Vec<Requirement>,
    /// What it needs in the order of evaluation, itself last; empty where the model is too large to keep that.
    pub(super) order: Vec<ElementIndex>,
}

#[derive(Debug)]
pub(super) enum ElementKind {
    Input,
    Decision(Boxed),
    Knowledge(Arc<Lambda>),
    Service(Service),
}

/// Something that an element requires, under the name by which its expressions see it.
#[derive(Clone, Debug)]
pub(super) struct Requirement {
    pub(super) target: ElementIndex,
    /// The name of the import it comes through.
    pub(super) import: Option<Arc<str>>,
}

/// Parameters and a body: a business knowledge model, or a function inside an expression.
#[derive(Debug)]
pub(super) struct Lambda {
    pub(super) parameters: Vec<Parameter>,
    /// The names of the parameters once more, as FEEL wants them.
    pub(super) names: Vec<Arc<str>>,
    pub(super) result: Option<Type>,
    pub(super) body: Boxed,
    /// The names that the body takes from outside.
    pub(super) captures: Vec<Arc<str>>,
}

#[derive(Clone, Debug)]
pub(super) struct Parameter {
    pub(super) name: Arc<str>,
    pub(super) type_of: Option<Type>,
}

#[derive(Debug, Default)]
pub(super) struct Service {
    pub(super) outputs: Vec<ElementIndex>,
    /// What is handed in: input data, then decisions.
    pub(super) inputs: Vec<ElementIndex>,
    pub(super) names: Vec<Arc<str>>,
}

/// A boxed expression.
#[derive(Debug)]
pub(super) struct Boxed {
    pub(super) id: Option<Arc<str>>,
    pub(super) logic: Logic,
    pub(super) type_of: Option<Type>,
}

#[derive(Debug)]
pub(super) enum Logic {
    /// Null, for the reason.
    Missing(String),
    Literal(Expression),
    Table(Arc<DecisionTable>),
    Context(Vec<Slot>),
    List(Vec<Boxed>),
    Relation(Vec<Parameter>, Vec<Vec<Boxed>>),
    Invocation(Box<Boxed>, Vec<Slot>),
    Function(Arc<Lambda>),
    Conditional(Box<(Boxed, Boxed, Boxed)>),
    Filter(Box<(Boxed, Boxed)>),
    For(Box<Iteration>),
    Some(Box<Iteration>),
    Every(Box<Iteration>),
}

/// A named part of a context or an invocation; without a name it is the result of the context.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) name: Option<Arc<str>>,
    pub(super) type_of: Option<Type>,
    pub(super) value: Boxed,
}

#[derive(Debug)]
pub(super) struct Iteration {
    pub(super) name: Arc<str>,
    pub(super) type_of: Option<Type>,
    pub(super) items: Boxed,
    pub(super) body: Boxed,
    /// Whether the body uses the results so far.
    pub(super) uses_partial: bool,
}

#[derive(Debug)]
pub(super) struct DecisionTable {
    pub(super) policy: HitPolicy,
    /// What makes one value of all `outputs`, if the policy has such a function.
    pub(super) aggregate: Option<Expression>,
    pub(super) inputs: Vec<InputClause>,
    pub(super) outputs: Vec<OutputClause>,
    pub(super) rules: Vec<Rule>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HitPolicy {
    Unique,
    Any,
    Priority,
    First,
    RuleOrder,
    OutputOrder,
    Collect(Option<Aggregation>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aggregation {
    Sum,
    Min,
    Max,
    Count,
}

#[derive(Debug)]
pub(super) struct InputClause {
    pub(super) id: Option<Arc<str>>,
    pub(super) label: Option<Arc<str>>,
    pub(super) expression: Cell,
    pub(super) type_of: Option<Type>,
    pub(super) values: Option<UnaryTests>,
}

#[derive(Debug)]
pub(super) struct OutputClause {
    pub(super) id: Option<Arc<str>>,
    /// Its name, or else its label, or else its place.
    pub(super) shown: Arc<str>,
    pub(super) type_of: Option<Type>,
    pub(super) values: Option<UnaryTests>,
    /// The output values in their order, each by itself: the first has the highest priority.
    pub(super) priorities: Vec<UnaryTests>,
    pub(super) default: Option<Cell>,
}

#[derive(Debug)]
pub(super) struct Rule {
    pub(super) id: Option<Arc<str>>,
    pub(super) tests: Vec<Test>,
    pub(super) outputs: Vec<Cell>,
}

/// An expression, or why there is none.
#[derive(Debug)]
pub(super) enum Cell {
    Expression(Expression),
    Broken(String),
}

/// The test of an input, or why there is none.
#[derive(Debug)]
pub(super) enum Test {
    /// Anything passes.
    Any,
    Tests(UnaryTests),
    Broken(String),
}

impl Logic {
    /// Returns the name of its kind, as the file has it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Missing(_) => "none",
            Self::Literal(_) => "literalExpression",
            Self::Table(_) => "decisionTable",
            Self::Context(_) => "context",
            Self::List(_) => "list",
            Self::Relation(..) => "relation",
            Self::Invocation(..) => "invocation",
            Self::Function(_) => "functionDefinition",
            Self::Conditional(_) => "conditional",
            Self::Filter(_) => "filter",
            Self::For(_) => "for",
            Self::Some(_) => "some",
            Self::Every(_) => "every",
        }
    }
}

impl Graph {
    pub(super) fn element(&self, index: ElementIndex) -> Option<&Element> {
        self.elements.get(index as usize)
    }

    /// Returns the element of that id, else of that name; the model's own come before imported ones.
    pub(super) fn find(
        &self,
        wanted: &str,
        is_kind: fn(&ElementKind) -> bool,
    ) -> Option<ElementIndex> {
        let places = || (0u32..).zip(&self.elements).filter(|(_, it)| is_kind(&it.kind));
        let by_id = places().find(|(_, it)| *it.id == *wanted);
        let by_name = || places().find(|(_, it)| *it.name == *wanted || *it.label == *wanted);
        by_id.or_else(by_name).map(|(place, _)| place)
    }

    /// Returns what is given for an input: that of an imported model by the name of the import too.
    pub(super) fn given<'g>(&self, input: &Element, given: &'g Context) -> Option<&'g Value> {
        let imports = self.imports.iter().filter(|(_, file)| *file == input.file);
        let qualified = |(import, _): &(Arc<str>, u32)| {
            let inside = given.get(import).and_then(Value::as_context);
            let inside = inside.and_then(|it| it.get(&input.name).or_else(|| it.get(&input.label)));
            inside.or_else(|| given.get(&format!("{import}.{}", input.name)))
        };
        let own = || given.get(&input.name).or_else(|| given.get(&input.label));
        imports.map(qualified).find_map(|it| it).or_else(own)
    }

    pub(super) fn info(&self, element: &Element) -> DecisionInfo {
        let targets = element.requires.iter().filter_map(|it| self.element(it.target));
        let decisions = targets.filter(|it| matches!(it.kind, ElementKind::Decision(_)));
        DecisionInfo {
            id: element.id.clone(),
            name: element.label.clone(),
            version_tag: element.version_tag.clone(),
            line: element.location.line,
            column: element.location.column,
            required: decisions.map(|it| it.id.clone()).collect(),
        }
    }

    /// Notes the order of evaluation for each element of a model that is not large.
    pub(super) fn note_orders(&mut self) {
        let count = u32::try_from(self.elements.len()).unwrap_or(u32::MAX);
        for place in (0..count).take_while(|_| count <= ORDERED_MAX) {
            let order = self.order(&[place], |_| false);
            if let Some(element) = self.elements.get_mut(place as usize) {
                element.order = order;
            }
        }
    }

    /// Tells whether an element has a value by itself, as opposed to a function.
    fn is_value(&self, index: ElementIndex) -> bool {
        let kind = self.element(index).map(|it| &it.kind);
        matches!(kind, Some(ElementKind::Input | ElementKind::Decision(_)))
    }

    /// Returns the inputs and decisions that some require, directly or not, each after what it requires itself; without
    /// what `is_given` says need not be evaluated.
    pub(super) fn order(
        &self,
        targets: &[ElementIndex],
        is_given: impl Fn(ElementIndex) -> bool,
    ) -> Vec<ElementIndex> {
        let mut states = alloc::vec![Visit::New; self.elements.len()];
        let state = |states: &[Visit], it: ElementIndex| states.get(it as usize).copied();
        let mut agenda: Vec<ElementIndex> = targets.iter().rev().copied().collect();
        let mut order = Vec::new();
        while let Some(at) = agenda.last().copied() {
            if state(&states, at) == Some(Visit::New) {
                let requires = self.element(at).map(|it| it.requires.as_slice());
                let next = requires.unwrap_or_default().iter().rev().map(|it| it.target);
                states.get_mut(at as usize).into_iter().for_each(|it| *it = Visit::Begun);
                let is_wanted = |it: &ElementIndex| {
                    state(&states, *it) == Some(Visit::New) && !is_given(*it) && self.is_value(*it)
                };
                agenda.extend(next.filter(is_wanted));
                continue;
            }
            if state(&states, at) == Some(Visit::Begun) {
                order.push(at);
                states.get_mut(at as usize).into_iter().for_each(|it| *it = Visit::Done);
            }
            agenda.pop();
        }
        order
    }
}

/// How far the search for an order is with an element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    New,
    Begun,
    Done,
}

/// The most elements of a model whose orders of evaluation are kept.
const ORDERED_MAX: u32 = 64;
