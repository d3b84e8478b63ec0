//! What an element needs to know to do its work: triggers, jobs, messages, timers, mappings.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::feel::Expression;
use crate::xml::Location;

/// What starts a process.
#[derive(Clone, Debug)]
pub enum StartTrigger {
    /// A command, or the enclosing process.
    None,
    /// A published message; its correlation key is always none.
    Message(MessageSpec),
    /// A point in time, once or again and again.
    Timer(TimerSpec),
}

/// What happens at the end of a path.
#[derive(Clone, Debug)]
pub enum EndKind {
    /// Nothing more.
    None,
    /// Everything else in the same scope is terminated, and the scope completes.
    Terminate,
    /// An error is thrown.
    Error(ErrorThrow),
}

/// What an intermediate event waits for.
#[derive(Clone, Debug)]
pub enum CatchTrigger {
    /// A message for this instance.
    Message(MessageSpec),
    /// A date or a duration, never a cycle.
    Timer(TimerSpec),
}

/// What a boundary event waits for.
#[derive(Clone, Debug)]
pub enum BoundaryTrigger {
    /// A message for this instance.
    Message(MessageSpec),
    /// A date or a duration; a cycle only where it does not interrupt.
    Timer(TimerSpec),
    /// An error thrown inside the activity.
    Error(ErrorCatch),
}

/// A job to be created.
#[derive(Clone, Debug)]
pub struct JobSpec {
    /// The type that workers ask for.
    pub job_type: StaticOrExpression,
    /// How many attempts there are; `3` where the author says nothing.
    pub retries: StaticOrExpression,
    /// What workers are told besides variables, in document order, keys unique.
    pub headers: Vec<(Arc<str>, Arc<str>)>,
}

/// What a script task runs.
#[derive(Clone, Debug)]
pub enum ScriptSpec {
    /// An expression, evaluated at once.
    Expression {
        /// The script.
        expression: Expression,
        /// The variable that holds its result.
        result_variable: Arc<str>,
    },
    /// A job, as in a service task.
    Job(JobSpec),
}

/// What a business rule task decides by.
#[derive(Clone, Debug)]
pub enum BusinessRuleSpec {
    /// A decision, evaluated at once.
    Decision(CalledDecision),
    /// A job, as in a service task.
    Job(JobSpec),
}

/// A decision that is called.
#[derive(Clone, Debug)]
pub struct CalledDecision {
    /// The id of the decision.
    pub decision_id: StaticOrExpression,
    /// Which of its versions.
    pub binding: Binding,
    /// The variable that holds its result.
    pub result_variable: Arc<str>,
    /// Where the id stands in the resource.
    pub location: Location,
}

/// Which version of something that is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// The newest at the time of the call.
    Latest,
    /// The one of the same deployment.
    Deployment,
    /// The newest with a tag.
    VersionTag(Arc<str>),
}

/// A message to wait for.
#[derive(Clone, Debug)]
pub struct MessageSpec {
    /// The name it is published under.
    pub name: StaticOrExpression,
    /// What tells this instance from others; none only where a message starts a process.
    pub correlation_key: Option<Expression>,
}

/// A point in time, or several, as text in ISO 8601 (cycles also as cron).
#[derive(Clone, Debug)]
pub enum TimerSpec {
    /// A date and time.
    Date(StaticOrExpression),
    /// A duration, counted from activation.
    Duration(StaticOrExpression),
    /// A repetition.
    Cycle(StaticOrExpression),
}

/// An error to be thrown.
#[derive(Clone, Debug)]
pub struct ErrorThrow {
    /// The code that a handler is looked up by.
    pub code: StaticOrExpression,
}

/// An error to be caught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorCatch {
    /// The only code it catches; none for every code.
    pub code: Option<Arc<str>>,
}

/// A text, or an expression that gives one.
#[derive(Clone, Debug)]
pub enum StaticOrExpression {
    /// The text itself.
    Static(Arc<str>),
    /// An expression, written with a leading `=`.
    Expression(Expression),
}

/// A value copied between an element and the scope around it.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Where the value comes from; a text without `=` is that string.
    pub source: StaticOrExpression,
    /// The variable it goes to and the path within; never empty.
    pub target: Vec<Arc<str>>,
}

impl StaticOrExpression {
    /// Returns the text as its author wrote it, without the `=` of an expression.
    pub fn source(&self) -> &str {
        match self {
            Self::Static(text) => text,
            Self::Expression(expression) => expression.source(),
        }
    }
}
