//! A decision model that was read, and what it is asked.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::evaluate::{self, Evaluation, Failure, Setting};
use super::graph::{ElementIndex, ElementKind, Graph};
use super::parse::{self, Resource};
use super::problem::Problem;
use crate::feel::{Context, Env};
use crate::xml::XmlLimits;

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
    /// The author's name for the version.
    pub version_tag: Option<Arc<str>>,
    /// The line where it stands in its file, counted from 1.
    pub line: u32,
    /// The column there, counted from 1.
    pub column: u32,
    /// The ids of the decisions that it requires directly.
    pub required: Vec<Arc<str>>,
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

    /// Returns the line and the column of its definitions, counted from 1.
    pub fn place(&self) -> (u32, u32) {
        (self.graph.location.line, self.graph.location.column)
    }

    /// Returns the names of the resources that the model was read from: its own, then those that it imports, directly or
    /// not.
    pub fn resources(&self) -> &[Arc<str>] {
        &self.graph.resources
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
        self.call(self.graph.find(service, |it| matches!(it, ElementKind::Service(_))), given, env)
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
        let target = self.graph.find(knowledge, |it| matches!(it, ElementKind::Knowledge(_)));
        self.call(target, given, env)
    }

    fn call(
        &self,
        target: Option<ElementIndex>,
        given: &Context,
        env: &mut Env,
    ) -> Result<Option<Evaluation>, Failure> {
        let setting = Setting { graph: &self.graph, dialect: env.dialect() };
        target.map(|it| evaluate::call(setting, it, given, env)).transpose()
    }
}
