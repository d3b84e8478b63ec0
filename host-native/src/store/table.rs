//! The tables of the read model, as data: one list serves upserts, loads, searches and the check of the schema.

/// A table of the read model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Deployed processes, one row per version.
    ProcessDefinition,
    /// Process instances, ended ones too.
    ProcessInstance,
    /// Element instances, ended ones too.
    ElementInstance,
    /// Variables with their last values.
    Variable,
    /// Jobs, ended ones too.
    Job,
    /// Incidents, resolved ones too.
    Incident,
    /// What waits or waited for a message.
    MessageSubscription,
    /// What waits or waited for a time.
    Timer,
    /// Deployed decision models, one row per version.
    DecisionRequirements,
    /// Deployed decisions, one row per version.
    DecisionDefinition,
    /// Decisions that were evaluated.
    DecisionInstance,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number: keys, counts, milliseconds, 0 or 1.
    Int,
    /// Text.
    Text,
    /// Bytes; fetched by key only, never searched.
    Bytes,
}

/// A column of a table.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// The name in SQL.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may be empty.
    pub is_nullable: bool,
    /// Whether an index holds its first [`PREFIX_CHARACTERS`] characters.
    pub is_prefixed: bool,
}

/// A column that exists: a table and an index into its columns. Made by [`Table::field`] only, so SQL never meets a name
/// from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    table: Table,
    index: usize,
}

impl Table {
    /// Every table, in the order in which they are written.
    pub const ALL: [Self; 11] = [
        Self::ProcessDefinition,
        Self::ProcessInstance,
        Self::ElementInstance,
        Self::Variable,
        Self::Job,
        Self::Incident,
        Self::MessageSubscription,
        Self::Timer,
        Self::DecisionRequirements,
        Self::DecisionDefinition,
        Self::DecisionInstance,
    ];

    /// Returns the name in SQL.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ProcessDefinition => "process_definition",
            Self::ProcessInstance => "process_instance",
            Self::ElementInstance => "element_instance",
            Self::Variable => "variable",
            Self::Job => "job",
            Self::Incident => "incident",
            Self::MessageSubscription => "message_subscription",
            Self::Timer => "timer",
            Self::DecisionRequirements => "decision_requirements",
            Self::DecisionDefinition => "decision_definition",
            Self::DecisionInstance => "decision_instance",
        }
    }

    /// Returns the columns; the first is the key. The partition, which every table has, is not among them.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::ProcessDefinition => PROCESS_DEFINITION,
            Self::ProcessInstance => PROCESS_INSTANCE,
            Self::ElementInstance => ELEMENT_INSTANCE,
            Self::Variable => VARIABLE,
            Self::Job => JOB,
            Self::Incident => INCIDENT,
            Self::MessageSubscription => MESSAGE_SUBSCRIPTION,
            Self::Timer => TIMER,
            Self::DecisionRequirements => DECISION_REQUIREMENTS,
            Self::DecisionDefinition => DECISION_DEFINITION,
            Self::DecisionInstance => DECISION_INSTANCE,
        }
    }

    /// Returns the key column.
    pub const fn key(self) -> Field {
        Field { table: self, index: 0 }
    }

    /// Finds a column by name.
    pub fn field(self, name: &str) -> Option<Field> {
        let index = self.columns().iter().position(|it| it.name == name)?;
        Some(Field { table: self, index })
    }
}

impl Field {
    /// Returns the table.
    pub const fn table(self) -> Table {
        self.table
    }

    /// Returns the place among the columns of the table.
    pub const fn index(self) -> usize {
        self.index
    }

    /// Returns the column.
    pub fn column(self) -> &'static Column {
        &self.table.columns()[self.index]
    }
}

impl Column {
    const fn nullable(mut self) -> Self {
        self.is_nullable = true;
        self
    }

    const fn prefixed(mut self) -> Self {
        self.is_prefixed = true;
        self
    }
}

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, is_nullable: false, is_prefixed: false }
}

const fn int(name: &'static str) -> Column {
    column(name, Kind::Int)
}

const fn text(name: &'static str) -> Column {
    column(name, Kind::Text)
}

const fn bytes(name: &'static str) -> Column {
    column(name, Kind::Bytes)
}

/// How many characters of a prefixed column its index holds: users' names have no bound, index rows have.
pub const PREFIX_CHARACTERS: usize = 64;

const PROCESS_DEFINITION: &[Column] = &[
    int("key"),
    text("process_id").prefixed(),
    text("name").nullable(),
    int("version"),
    text("version_tag").nullable(),
    text("resource_name"),
    int("deployment_key"),
    bytes("xml"),
    text("tenant"),
    int("position"),
];
const PROCESS_INSTANCE: &[Column] = &[
    int("key"),
    int("process_definition_key"),
    text("process_id").prefixed(),
    text("process_name").nullable(),
    int("version"),
    text("version_tag").nullable(),
    text("state"),
    int("start_date"),
    int("end_date").nullable(),
    int("incidents"),
    int("parent_process_instance_key").nullable(),
    int("parent_element_instance_key").nullable(),
    text("tags"),
    text("business_id").nullable().prefixed(),
    text("tenant"),
    int("position"),
];
const ELEMENT_INSTANCE: &[Column] = &[
    int("key"),
    int("process_instance_key"),
    int("process_definition_key"),
    text("process_id"),
    text("element_id"),
    text("element_name").nullable(),
    text("type"),
    text("state"),
    int("start_date"),
    int("end_date").nullable(),
    int("scope_key"),
    int("incident_key").nullable(),
    text("tenant"),
    int("position"),
];
const VARIABLE: &[Column] = &[
    int("key"),
    text("name").prefixed(),
    text("value").prefixed(),
    int("scope_key"),
    int("process_instance_key"),
    text("tenant"),
    int("position"),
];
const JOB: &[Column] = &[
    int("key"),
    text("type").prefixed(),
    text("state"),
    text("worker").nullable(),
    int("retries"),
    int("deadline").nullable(),
    text("element_id"),
    int("element_instance_key"),
    int("process_instance_key"),
    int("process_definition_key"),
    text("process_id"),
    text("headers"),
    text("error_code").nullable(),
    text("error_message").nullable(),
    int("creation_time"),
    int("last_update_time"),
    int("end_time").nullable(),
    int("has_failed_with_retries_left"),
    int("priority"),
    text("tenant"),
    int("position"),
];
const INCIDENT: &[Column] = &[
    int("key"),
    text("error_type"),
    text("error_message"),
    text("state"),
    int("creation_time"),
    int("resolved_time").nullable(),
    text("element_id"),
    int("element_instance_key"),
    int("process_instance_key"),
    int("process_definition_key"),
    text("process_id"),
    int("job_key").nullable(),
    text("tenant"),
    int("position"),
];
const MESSAGE_SUBSCRIPTION: &[Column] = &[
    int("key"),
    text("message_name").prefixed(),
    text("correlation_key").nullable().prefixed(),
    text("state"),
    text("type"),
    text("element_id"),
    int("element_instance_key").nullable(),
    int("process_instance_key").nullable(),
    int("process_definition_key"),
    text("process_id"),
    int("last_updated"),
    text("tenant"),
    int("position"),
];
const TIMER: &[Column] = &[
    int("key"),
    text("state"),
    int("due_date"),
    int("repetitions").nullable(),
    text("element_id"),
    int("element_instance_key").nullable(),
    int("process_instance_key").nullable(),
    int("process_definition_key"),
    text("process_id"),
    text("tenant"),
    int("position"),
];
const DECISION_REQUIREMENTS: &[Column] = &[
    int("key"),
    text("decision_requirements_id").prefixed(),
    text("name"),
    int("version"),
    text("resource_name"),
    int("deployment_key"),
    bytes("xml"),
    text("tenant"),
    int("position"),
];
const DECISION_DEFINITION: &[Column] = &[
    int("key"),
    text("decision_id").prefixed(),
    text("name"),
    int("version"),
    text("version_tag").nullable(),
    int("decision_requirements_key"),
    text("decision_requirements_id"),
    text("decision_requirements_name"),
    int("decision_requirements_version"),
    text("tenant"),
    int("position"),
];
const DECISION_INSTANCE: &[Column] = &[
    int("key"),
    text("instance_key"),
    int("evaluation_key"),
    text("state"),
    int("evaluation_date"),
    text("evaluation_failure").nullable(),
    int("decision_definition_key"),
    text("decision_id").prefixed(),
    text("decision_name"),
    int("version"),
    text("decision_type"),
    int("decision_requirements_key"),
    int("root_decision_definition_key"),
    int("element_instance_key").nullable(),
    int("process_instance_key").nullable(),
    int("process_definition_key").nullable(),
    text("process_id").nullable(),
    text("result"),
    text("inputs"),
    text("rules"),
    text("warnings"),
    text("tenant"),
    int("position"),
];
