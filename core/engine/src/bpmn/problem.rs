//! What is wrong with a resource: where, in whose element, and what was expected instead.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::xml::{self, Location};

/// One thing that is wrong with a resource.
pub type Problem = xml::Problem<ProblemCode>;

/// Collects the problems of one resource.
#[derive(Debug)]
pub(super) struct Report {
    resource: String,
    problems: Vec<Problem>,
}

impl Report {
    pub(super) fn new(resource: &str) -> Self {
        Self { resource: resource.to_owned(), problems: Vec::new() }
    }

    /// Adds a problem; all beyond [`PROBLEMS_MAX`] are dropped.
    pub(super) fn add(
        &mut self,
        location: Location,
        element_id: Option<&str>,
        code: impl Into<ProblemCode>,
        message: impl Into<String>,
    ) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(Problem::new(
                &self.resource,
                location,
                element_id,
                code.into(),
                message,
            ));
        }
    }

    /// Returns the problems in the order of the resource, each once.
    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(Problem::location);
        self.problems.dedup();
        self.problems
    }
}

xml::problem_codes! {
    /// The file is XML, but not BPMN.
    NotBpmn = "not_bpmn",

    /// No process of the file is executable.
    NoExecutableProcess = "no_executable_process",
    /// An element has no id.
    IdMissing = "id_missing",
    /// An id is used twice.
    IdNotUnique = "id_not_unique",
    /// An element of BPMN that is not supported.
    ElementNotSupported = "element_not_supported",
    /// An element that BPMN does not know.
    ElementUnknown = "element_unknown",
    /// An attribute of BPMN that would change what is executed and is not supported.
    AttributeNotSupported = "attribute_not_supported",
    /// An extension that would change what is executed and is not supported.
    ExtensionNotSupported = "extension_not_supported",
    /// An extension that means nothing where it stands.
    ExtensionMisplaced = "extension_misplaced",
    /// An extension that may stand only once.
    ExtensionNotUnique = "extension_not_unique",
    /// An attribute or a text that must be there is missing or empty.
    ValueMissing = "value_missing",
    /// A reference names nothing in the file.
    ReferenceUnknown = "reference_unknown",

    /// An expression cannot be parsed.
    ExpressionInvalid = "expression_invalid",
    /// An expression was expected, found a text without `=`.
    ExpressionExpected = "expression_expected",
    /// An expression reads variables where there are none yet.
    ExpressionNotConstant = "expression_not_constant",
    /// A text was expected, found an expression.
    ExpressionNotAllowed = "expression_not_allowed",

    /// A task has neither a job type nor, if it may, a script or a decision.
    TaskDefinitionMissing = "task_definition_missing",
    /// A task has both a job type and a script or a decision.
    TaskDefinitionAmbiguous = "task_definition_ambiguous",
    /// What a task calls is bound in a way that does not exist.
    BindingInvalid = "binding_invalid",
    /// The number of retries is not a whole number.
    RetriesInvalid = "retries_invalid",
    /// A header has no key, or one that the engine keeps for itself.
    HeaderInvalid = "header_invalid",
    /// Two headers have the same key.
    HeaderNotUnique = "header_not_unique",
    /// The target of a mapping is not a path of names.
    MappingTargetInvalid = "mapping_target_invalid",
    /// A variable name is not a name.
    VariableNameInvalid = "variable_name_invalid",

    /// An event has more than one event definition, or none where it needs one.
    EventDefinitionNotUnique = "event_definition_not_unique",
    /// A timer has not exactly one of date, duration and cycle.
    TimerDefinitionNotUnique = "timer_definition_not_unique",
    /// A timer text is not a date, a duration or a cycle.
    TimerInvalid = "timer_invalid",
    /// A cycle where only one point in time makes sense.
    TimerCycleNotAllowed = "timer_cycle_not_allowed",
    /// A message is waited for without a correlation key.
    CorrelationKeyMissing = "correlation_key_missing",
    /// Two events wait for the same message, error or timer where only one may.
    EventNotUnique = "event_not_unique",
    /// An error is thrown without a code.
    ErrorCodeMissing = "error_code_missing",

    /// A process has no start event.
    StartEventMissing = "start_event_missing",
    /// A scope has more start events than it may.
    StartEventNotUnique = "start_event_not_unique",
    /// The start event of a sub-process waits for something.
    StartEventNotNone = "start_event_not_none",
    /// A flow leads to an element that cannot have one.
    IncomingNotAllowed = "incoming_not_allowed",
    /// A flow leaves an element that cannot have one.
    OutgoingNotAllowed = "outgoing_not_allowed",
    /// An element lacks a flow out of it.
    OutgoingMissing = "outgoing_missing",
    /// A flow leaves its scope.
    FlowCrossesScope = "flow_crosses_scope",
    /// A boundary event is attached to nothing that can have one.
    AttachmentInvalid = "attachment_invalid",
    /// A boundary event for errors that does not interrupt.
    ErrorMustInterrupt = "error_must_interrupt",

    /// A flow has a condition where none is evaluated.
    ConditionNotAllowed = "condition_not_allowed",
    /// A flow has neither a condition nor is it the default.
    ConditionMissing = "condition_missing",
    /// The default flow of a gateway does not start there.
    DefaultFlowInvalid = "default_flow_invalid",
    /// An event-based gateway leads to something that is no event to wait for.
    EventGatewayTargetInvalid = "event_gateway_target_invalid",
    /// A loop that nothing can ever stop.
    LoopWithoutWait = "loop_without_wait",
}

/// How many problems of one resource are told; who has more will ask again.
const PROBLEMS_MAX: usize = 500;
