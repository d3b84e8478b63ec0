//! What can be filtered and sorted by, for each kind of thing that is searched, and where the read model has it.

use crate::store::Table;

/// The fields of one kind of thing.
#[derive(Debug)]
pub struct Fields {
    /// The table of the read model.
    pub table: Table,
    /// The fields.
    pub list: &'static [Field],
    /// Whether `$or` is understood.
    pub has_or: bool,
}

/// One field.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// Where the read model has it.
    pub source: Source,
    /// Whether a search can be sorted by it.
    pub is_sort: bool,
}

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A key: digits in a string.
    Key,
    /// Any text.
    Text,
    /// A whole number.
    Number,
    /// True or false.
    Flag,
    /// A date and time.
    Time,
    /// One of some names.
    Name(&'static [&'static str]),
    /// A list of texts, all of which must be there.
    Tags,
    /// A list of names and tests of values.
    Variables,
}

/// Where the read model has a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// In a column.
    Column(&'static str),
    /// True if the number of a column is not 0.
    IsPositive(&'static str),
    /// True if a column has a value.
    IsThere(&'static str),
    /// In a column of an element instance of the process instance.
    Element(&'static str),
    /// True if an element instance of the process instance has a value in a column.
    ElementHas(&'static str),
    /// In a column of an open incident of the process instance.
    Incident(&'static str),
    /// Always the same text.
    Always(&'static str),
    /// Always false.
    Never,
    /// True for the newest version of a process.
    IsLatest,
}

impl Fields {
    /// Finds a field that may stand in a filter.
    pub fn filterable(&self, name: &str) -> Option<&'static Field> {
        self.list.iter().find(|it| it.name == name)
    }

    /// Finds a field that may stand in a sort, and its column.
    pub fn sortable(&self, name: &str) -> Option<&'static str> {
        self.list.iter().filter(|it| it.is_sort).find_map(|it| match it.source {
            Source::Column(column) | Source::IsPositive(column) if it.name == name => Some(column),
            _ => None,
        })
    }

    /// Lists the names of the fields to filter by.
    pub fn filterable_names(&self) -> String {
        names(self.list.iter())
    }

    /// Lists the names of the fields to sort by.
    pub fn sortable_names(&self) -> String {
        names(self.list.iter().filter(|it| it.is_sort))
    }
}

fn names(fields: impl Iterator<Item = &'static Field>) -> String {
    fields.map(|it| it.name).collect::<Vec<_>>().join(", ")
}

const fn both(name: &'static str, kind: Kind, column: &'static str) -> Field {
    Field { name, kind, source: Source::Column(column), is_sort: true }
}

const fn filter(name: &'static str, kind: Kind, source: Source) -> Field {
    Field { name, kind, source, is_sort: false }
}

/// The fields of deployed processes.
pub static PROCESS_DEFINITIONS: Fields = Fields {
    table: Table::ProcessDefinition,
    has_or: false,
    list: &[
        both("processDefinitionKey", Kind::Key, "key"),
        both("processDefinitionId", Kind::Text, "process_id"),
        both("name", Kind::Text, "name"),
        both("resourceName", Kind::Text, "resource_name"),
        both("version", Kind::Number, "version"),
        both("versionTag", Kind::Text, "version_tag"),
        both("tenantId", Kind::Text, "tenant"),
        filter("isLatestVersion", Kind::Flag, Source::IsLatest),
        filter("hasStartForm", Kind::Flag, Source::Never),
        filter("state", Kind::Name(&["ACTIVE", "DRAINING", "DELETED"]), Source::Always("ACTIVE")),
    ],
};

/// The fields of process instances.
pub static PROCESS_INSTANCES: Fields = Fields {
    table: Table::ProcessInstance,
    has_or: true,
    list: &[
        both("processInstanceKey", Kind::Key, "key"),
        both("processDefinitionId", Kind::Text, "process_id"),
        both("processDefinitionName", Kind::Text, "process_name"),
        both("processDefinitionVersion", Kind::Number, "version"),
        both("processDefinitionVersionTag", Kind::Text, "version_tag"),
        both("processDefinitionKey", Kind::Key, "process_definition_key"),
        both("parentProcessInstanceKey", Kind::Key, "parent_process_instance_key"),
        both("parentElementInstanceKey", Kind::Key, "parent_element_instance_key"),
        both("startDate", Kind::Time, "start_date"),
        both("endDate", Kind::Time, "end_date"),
        both("state", Kind::Name(&["ACTIVE", "COMPLETED", "SUSPENDED", "TERMINATED"]), "state"),
        Field {
            name: "hasIncident",
            kind: Kind::Flag,
            source: Source::IsPositive("incidents"),
            is_sort: true,
        },
        both("tenantId", Kind::Text, "tenant"),
        both("businessId", Kind::Text, "business_id"),
        filter("elementId", Kind::Text, Source::Element("element_id")),
        filter("elementInstanceState", Kind::Name(LIFE), Source::Element("state")),
        filter("hasElementInstanceIncident", Kind::Flag, Source::ElementHas("incident_key")),
        filter("errorMessage", Kind::Text, Source::Incident("error_message")),
        filter("variables", Kind::Variables, Source::Column("key")),
        filter("tags", Kind::Tags, Source::Column("tags")),
    ],
};

/// The fields of element instances.
pub static ELEMENT_INSTANCES: Fields = Fields {
    table: Table::ElementInstance,
    has_or: true,
    list: &[
        both("elementInstanceKey", Kind::Key, "key"),
        both("processInstanceKey", Kind::Key, "process_instance_key"),
        both("processDefinitionKey", Kind::Key, "process_definition_key"),
        both("processDefinitionId", Kind::Text, "process_id"),
        both("startDate", Kind::Time, "start_date"),
        both("endDate", Kind::Time, "end_date"),
        both("elementId", Kind::Text, "element_id"),
        both("elementName", Kind::Text, "element_name"),
        both("type", Kind::Text, "type"),
        both("state", Kind::Name(LIFE), "state"),
        both("incidentKey", Kind::Key, "incident_key"),
        both("tenantId", Kind::Text, "tenant"),
        filter("hasIncident", Kind::Flag, Source::IsThere("incident_key")),
        filter("elementInstanceScopeKey", Kind::Key, Source::Column("scope_key")),
    ],
};

/// The fields of variables.
pub static VARIABLES: Fields = Fields {
    table: Table::Variable,
    has_or: false,
    list: &[
        both("name", Kind::Text, "name"),
        both("value", Kind::Text, "value"),
        both("tenantId", Kind::Text, "tenant"),
        both("variableKey", Kind::Key, "key"),
        both("scopeKey", Kind::Key, "scope_key"),
        both("processInstanceKey", Kind::Key, "process_instance_key"),
    ],
};

/// The fields of jobs.
pub static JOBS: Fields = Fields {
    table: Table::Job,
    has_or: false,
    list: &[
        both("jobKey", Kind::Key, "key"),
        both("type", Kind::Text, "type"),
        both("state", Kind::Name(JOB_STATES), "state"),
        both("worker", Kind::Text, "worker"),
        both("retries", Kind::Number, "retries"),
        both("deadline", Kind::Time, "deadline"),
        both("priority", Kind::Number, "priority"),
        both("elementId", Kind::Text, "element_id"),
        both("elementInstanceKey", Kind::Key, "element_instance_key"),
        both("processInstanceKey", Kind::Key, "process_instance_key"),
        both("processDefinitionKey", Kind::Key, "process_definition_key"),
        both("processDefinitionId", Kind::Text, "process_id"),
        both("errorCode", Kind::Text, "error_code"),
        both("errorMessage", Kind::Text, "error_message"),
        both("creationTime", Kind::Time, "creation_time"),
        both("lastUpdateTime", Kind::Time, "last_update_time"),
        both("endTime", Kind::Time, "end_time"),
        both("tenantId", Kind::Text, "tenant"),
        Field {
            name: "hasFailedWithRetriesLeft",
            kind: Kind::Flag,
            source: Source::IsPositive("has_failed_with_retries_left"),
            is_sort: true,
        },
        filter("kind", Kind::Name(JOB_KINDS), Source::Always("BPMN_ELEMENT")),
        filter("isDenied", Kind::Flag, Source::Never),
    ],
};

/// The fields of incidents.
pub static INCIDENTS: Fields = Fields {
    table: Table::Incident,
    has_or: false,
    list: &[
        both("incidentKey", Kind::Key, "key"),
        both("processDefinitionKey", Kind::Key, "process_definition_key"),
        both("processDefinitionId", Kind::Text, "process_id"),
        both("processInstanceKey", Kind::Key, "process_instance_key"),
        both("errorType", Kind::Text, "error_type"),
        both("errorMessage", Kind::Text, "error_message"),
        both("elementId", Kind::Text, "element_id"),
        both("elementInstanceKey", Kind::Key, "element_instance_key"),
        both("creationTime", Kind::Time, "creation_time"),
        both("state", Kind::Name(INCIDENT_STATES), "state"),
        both("jobKey", Kind::Key, "job_key"),
        both("tenantId", Kind::Text, "tenant"),
    ],
};

/// The fields of message subscriptions.
pub static MESSAGE_SUBSCRIPTIONS: Fields = Fields {
    table: Table::MessageSubscription,
    has_or: false,
    list: &[
        both("messageSubscriptionKey", Kind::Key, "key"),
        both("processDefinitionKey", Kind::Key, "process_definition_key"),
        both("processDefinitionId", Kind::Text, "process_id"),
        both("processInstanceKey", Kind::Key, "process_instance_key"),
        both("elementId", Kind::Text, "element_id"),
        both("elementInstanceKey", Kind::Key, "element_instance_key"),
        both("messageName", Kind::Text, "message_name"),
        both("correlationKey", Kind::Text, "correlation_key"),
        both("messageSubscriptionState", Kind::Name(SUBSCRIPTION_STATES), "state"),
        both("messageSubscriptionType", Kind::Name(&["START_EVENT", "PROCESS_EVENT"]), "type"),
        both("lastUpdatedDate", Kind::Time, "last_updated"),
        both("tenantId", Kind::Text, "tenant"),
    ],
};

/// The fields of deployed decision models.
pub static DECISION_REQUIREMENTS: Fields = Fields {
    table: Table::DecisionRequirements,
    has_or: false,
    list: &[
        both("decisionRequirementsKey", Kind::Key, "key"),
        both("decisionRequirementsId", Kind::Text, "decision_requirements_id"),
        both("decisionRequirementsName", Kind::Text, "name"),
        both("version", Kind::Number, "version"),
        both("resourceName", Kind::Text, "resource_name"),
        both("tenantId", Kind::Text, "tenant"),
    ],
};

/// The fields of deployed decisions.
pub static DECISION_DEFINITIONS: Fields = Fields {
    table: Table::DecisionDefinition,
    has_or: false,
    list: &[
        both("decisionDefinitionKey", Kind::Key, "key"),
        both("decisionDefinitionId", Kind::Text, "decision_id"),
        both("name", Kind::Text, "name"),
        both("version", Kind::Number, "version"),
        both("decisionRequirementsKey", Kind::Key, "decision_requirements_key"),
        both("decisionRequirementsId", Kind::Text, "decision_requirements_id"),
        both("decisionRequirementsName", Kind::Text, "decision_requirements_name"),
        both("decisionRequirementsVersion", Kind::Number, "decision_requirements_version"),
        both("tenantId", Kind::Text, "tenant"),
        filter("isLatestVersion", Kind::Flag, Source::IsLatest),
    ],
};

/// The fields of decisions that were evaluated.
pub static DECISION_INSTANCES: Fields = Fields {
    table: Table::DecisionInstance,
    has_or: false,
    list: &[
        both("decisionEvaluationInstanceKey", Kind::Text, "instance_key"),
        both("decisionEvaluationKey", Kind::Key, "evaluation_key"),
        both("state", Kind::Name(DECISION_STATES), "state"),
        both("evaluationDate", Kind::Time, "evaluation_date"),
        both("evaluationFailure", Kind::Text, "evaluation_failure"),
        both("decisionDefinitionKey", Kind::Key, "decision_definition_key"),
        both("decisionDefinitionId", Kind::Text, "decision_id"),
        both("decisionDefinitionName", Kind::Text, "decision_name"),
        both("decisionDefinitionVersion", Kind::Number, "version"),
        both("decisionDefinitionType", Kind::Name(DECISION_TYPES), "decision_type"),
        both("rootDecisionDefinitionKey", Kind::Key, "root_decision_definition_key"),
        both("elementInstanceKey", Kind::Key, "element_instance_key"),
        both("processInstanceKey", Kind::Key, "process_instance_key"),
        both("processDefinitionKey", Kind::Key, "process_definition_key"),
        both("tenantId", Kind::Text, "tenant"),
        filter("decisionRequirementsKey", Kind::Key, Source::Column("decision_requirements_key")),
    ],
};

const DECISION_STATES: &[&str] = &["EVALUATED", "FAILED", "UNSPECIFIED", "UNKNOWN"];
const DECISION_TYPES: &[&str] = &["DECISION_TABLE", "LITERAL_EXPRESSION", "UNSPECIFIED", "UNKNOWN"];
const LIFE: &[&str] = &["ACTIVE", "COMPLETED", "TERMINATED"];
const INCIDENT_STATES: &[&str] = &["ACTIVE", "PENDING", "RESOLVED", "MIGRATED", "UNKNOWN"];
const SUBSCRIPTION_STATES: &[&str] = &["CREATED", "CORRELATED", "DELETED", "MIGRATED"];
const JOB_KINDS: &[&str] =
    &["BPMN_ELEMENT", "EXECUTION_LISTENER", "TASK_LISTENER", "AD_HOC_SUB_PROCESS"];
const JOB_STATES: &[&str] = &[
    "CREATED",
    "COMPLETED",
    "FAILED",
    "RETRIES_UPDATED",
    "TIMEOUT_UPDATED",
    "PRIORITY_UPDATED",
    "TIMED_OUT",
    "CANCELED",
    "ERROR_THROWN",
    "MIGRATED",
];
