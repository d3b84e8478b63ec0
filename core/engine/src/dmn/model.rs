//! A decision model that was read: what it consists of, and what it is asked.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::evaluate::{self, Evaluation, Failure, Setting};
use super::parse::{self, Resource, XmlLimits};
use super::problem::Problem;
use super::types::{Type, TypeDefinition};
use crate::feel::{Context, Env, Expression, UnaryTests};

/// A decision model, possibly with others that it imports; cheap to clone.
#[derive(Clone, Debug)]
pub struct Model {
    graph: Arc<Graph>,
}

/// What can be said about a decision without evaluating it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecisionInfo {
    /// Its id.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// The ids of the decisions that it requires directly.
    pub required: Vec<Arc<str>>,
}

/// All that is known after reading: elements refer to one another by place.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) id: Option<Arc<str>>,
    pub(super) name: Arc<str>,
    pub(super) namespace: Arc<str>,
    pub(super) elements: Vec<Element>,
    pub(super) types: Vec<TypeDefinition>,
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
    /// The resource it stands in; the first is the one that was asked for.
    pub(super) file: u32,
    pub(super) type_of: Option<Type>,
    pub(super) kind: ElementKind,
    pub(super) requires: Vec<Requirement>,
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
    pub(super) label: Option<Arc<str>>,
    pub(super) name: Option<Arc<str>>,
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

impl Model {
    /// Reads and checks a decision model and the ones that it imports, which are looked up among all resources by
    /// their namespace.
    ///
    /// # Errors
    ///
    /// All problems, by resource and place; never an empty list.
    pub fn parse(
        resource: Resource<'_>,
        imports: &[Resource<'_>],
        limits: &XmlLimits,
    ) -> Result<Self, Vec<Problem>> {
        let (graph, problems) = parse::read(resource, imports, limits);
        match (graph, problems.is_empty()) {
            (Some(graph), true) => Ok(Self { graph: Arc::new(graph) }),
            _ => Err(problems),
        }
    }

    /// Rebuilds a decision model that was deployed once.
    ///
    /// Rules may become stricter with time, and what was deployed must run on: no limit applies, and what cannot be
    /// read any more is null with a warning when it is evaluated.
    ///
    /// # Errors
    ///
    /// The problems of bytes that are no DMN at all.
    pub fn compile(resource: Resource<'_>, imports: &[Resource<'_>]) -> Result<Self, Vec<Problem>> {
        let (graph, problems) = parse::read(resource, imports, &XmlLimits::NONE);
        graph.map(|graph| Self { graph: Arc::new(graph) }).ok_or(problems)
    }

    /// Returns the id of the model.
    pub fn id(&self) -> Option<&str> {
        self.graph.id.as_deref()
    }

    /// Returns the name of the model.
    pub fn name(&self) -> &str {
        &self.graph.name
    }

    /// Returns the namespace of the model.
    pub fn namespace(&self) -> &str {
        &self.graph.namespace
    }

    /// Returns the decisions of the model itself, without those of imported ones, in the order of the file.
    pub fn decisions(&self) -> Vec<DecisionInfo> {
        let own = self.graph.elements.iter().filter(|it| it.file == 0);
        own.filter(|it| matches!(it.kind, ElementKind::Decision(_)))
            .map(|it| self.graph.info(it))
            .collect()
    }

    /// Evaluates a decision, named by id or by name, with all that it requires.
    ///
    /// The dialect of the environment decides what it sees: with [`Dialect::Dmn`](crate::feel::Dialect) only what it
    /// requires, and values that do not have their type are null; with `Dialect::Camunda` everything given, a required
    /// decision also by its id, and types of inputs and results are not checked.
    ///
    /// Returns `None` when there is no such decision.
    ///
    /// # Errors
    ///
    /// Fuel, depth or size ran out, or an `assert` did not hold.
    pub fn evaluate(
        &self,
        decision: &str,
        given: &Context,
        env: &mut Env,
    ) -> Result<Option<Evaluation>, Failure> {
        let Some(target) = self.graph.find(decision, |it| matches!(it, ElementKind::Decision(_)))
        else {
            return Ok(None);
        };
        let setting = Setting { graph: &self.graph, dialect: env.dialect() };
        evaluate::decision(setting, target, given, env).map(Some)
    }

    /// Evaluates a decision service, named by id or by name; `given` are its input data and input decisions.
    ///
    /// Returns `None` when there is no such service.
    ///
    /// # Errors
    ///
    /// Fuel, depth or size ran out, or an `assert` did not hold.
    pub fn evaluate_service(
        &self,
        service: &str,
        given: &Context,
        env: &mut Env,
    ) -> Result<Option<Evaluation>, Failure> {
        let Some(target) = self.graph.find(service, |it| matches!(it, ElementKind::Service(_)))
        else {
            return Ok(None);
        };
        let setting = Setting { graph: &self.graph, dialect: env.dialect() };
        evaluate::service(setting, target, given, env).map(Some)
    }

    /// Calls a business knowledge model, named by id or by name; `given` are its arguments.
    ///
    /// Returns `None` when there is no such model.
    ///
    /// # Errors
    ///
    /// Fuel, depth or size ran out, or an `assert` did not hold.
    pub fn evaluate_knowledge(
        &self,
        knowledge: &str,
        given: &Context,
        env: &mut Env,
    ) -> Result<Option<Evaluation>, Failure> {
        let Some(target) = self.graph.find(knowledge, |it| matches!(it, ElementKind::Knowledge(_)))
        else {
            return Ok(None);
        };
        let setting = Setting { graph: &self.graph, dialect: env.dialect() };
        evaluate::knowledge(setting, target, given, env).map(Some)
    }
}

impl Graph {
    pub(super) fn element(&self, index: ElementIndex) -> Option<&Element> {
        self.elements.get(index as usize)
    }

    /// Returns the element of that id, else of that name; the model's own come before imported ones.
    fn find(&self, wanted: &str, is_kind: fn(&ElementKind) -> bool) -> Option<ElementIndex> {
        let places = || (0u32..).zip(&self.elements).filter(|(_, it)| is_kind(&it.kind));
        let by_id = places().find(|(_, it)| *it.id == *wanted);
        let by_name = || places().find(|(_, it)| *it.name == *wanted || *it.label == *wanted);
        by_id.or_else(by_name).map(|(place, _)| place)
    }

    fn info(&self, element: &Element) -> DecisionInfo {
        let targets = element.requires.iter().filter_map(|it| self.element(it.target));
        let decisions = targets.filter(|it| matches!(it.kind, ElementKind::Decision(_)));
        DecisionInfo {
            id: element.id.clone(),
            name: element.label.clone(),
            required: decisions.map(|it| it.id.clone()).collect(),
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
        let mut seen: BTreeMap<ElementIndex, bool> = BTreeMap::new();
        let mut agenda: Vec<ElementIndex> = targets.iter().rev().copied().collect();
        let mut order = Vec::new();
        while let Some(at) = agenda.last().copied() {
            match seen.get(&at) {
                None => {
                    seen.insert(at, false);
                    let requires = self.element(at).map(|it| it.requires.as_slice());
                    let next = requires.unwrap_or_default().iter().rev().map(|it| it.target);
                    let is_wanted = |it: &ElementIndex| {
                        !seen.contains_key(it) && !is_given(*it) && self.is_value(*it)
                    };
                    agenda.extend(next.filter(is_wanted));
                }
                Some(is_done) => {
                    if !is_done {
                        order.push(at);
                    }
                    seen.insert(at, true);
                    agenda.pop();
                }
            }
        }
        order
    }
}
