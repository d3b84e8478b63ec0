//! What can be filtered and sorted by, for each kind of thing that is searched.

/// The fields of one kind of thing.
#[derive(Debug)]
pub struct Fields {
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
    /// Where it may stand.
    pub usage: Usage,
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

/// Where a field may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// In a filter only.
    Filter,
    /// In a sort only.
    Sort,
    /// In both.
    Both,
}

impl Fields {
    /// Finds a field that may stand in a filter.
    pub fn filterable(&self, name: &str) -> Option<&'static Field> {
        self.list.iter().find(|it| it.name == name && it.usage != Usage::Sort)
    }

    /// Finds a field that may stand in a sort.
    pub fn sortable(&self, name: &str) -> Option<&'static Field> {
        self.list.iter().find(|it| it.name == name && it.usage != Usage::Filter)
    }

    /// Lists the names of the fields to filter by.
    pub fn filterable_names(&self) -> String {
        self.names(Usage::Sort)
    }

    /// Lists the names of the fields to sort by.
    pub fn sortable_names(&self) -> String {
        self.names(Usage::Filter)
    }

    fn names(&self, without: Usage) -> String {
        let names: Vec<_> =
            self.list.iter().filter(|it| it.usage != without).map(|it| it.name).collect();
        names.join(", ")
    }
}

const fn both(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, usage: Usage::Both }
}

const fn filter(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, usage: Usage::Filter }
}

/// The fields of deployed processes.
pub static PROCESS_DEFINITIONS: Fields = Fields {
    has_or: false,
    list: &[
        both("processDefinitionKey", Kind::Key),
        both("processDefinitionId", Kind::Text),
        both("name", Kind::Text),
        both("resourceName", Kind::Text),
        both("version", Kind::Number),
        both("versionTag", Kind::Text),
        both("tenantId", Kind::Text),
        filter("isLatestVersion", Kind::Flag),
        filter("hasStartForm", Kind::Flag),
        filter("state", Kind::Name(&["ACTIVE", "DRAINING", "DELETED"])),
    ],
};

/// The fields of process instances.
pub static PROCESS_INSTANCES: Fields = Fields {
    has_or: true,
    list: &[
        both("processInstanceKey", Kind::Key),
        both("processDefinitionId", Kind::Text),
        both("processDefinitionName", Kind::Text),
        both("processDefinitionVersion", Kind::Number),
        both("processDefinitionVersionTag", Kind::Text),
        both("processDefinitionKey", Kind::Key),
        both("parentProcessInstanceKey", Kind::Key),
        both("parentElementInstanceKey", Kind::Key),
        both("startDate", Kind::Time),
        both("endDate", Kind::Time),
        both("state", Kind::Name(&["ACTIVE", "COMPLETED", "SUSPENDED", "TERMINATED"])),
        both("hasIncident", Kind::Flag),
        both("tenantId", Kind::Text),
        both("businessId", Kind::Text),
        filter("elementId", Kind::Text),
        filter("elementInstanceState", Kind::Name(LIFE)),
        filter("hasElementInstanceIncident", Kind::Flag),
        filter("errorMessage", Kind::Text),
        filter("variables", Kind::Variables),
        filter("tags", Kind::Tags),
    ],
};

/// The fields of element instances.
pub static ELEMENT_INSTANCES: Fields = Fields {
    has_or: true,
    list: &[
        both("elementInstanceKey", Kind::Key),
        both("processInstanceKey", Kind::Key),
        both("processDefinitionKey", Kind::Key),
        both("processDefinitionId", Kind::Text),
        both("startDate", Kind::Time),
        both("endDate", Kind::Time),
        both("elementId", Kind::Text),
        both("elementName", Kind::Text),
        both("type", Kind::Text),
        both("state", Kind::Name(LIFE)),
        both("incidentKey", Kind::Key),
        both("tenantId", Kind::Text),
        filter("hasIncident", Kind::Flag),
        filter("elementInstanceScopeKey", Kind::Key),
    ],
};

/// The fields of variables.
pub static VARIABLES: Fields = Fields {
    has_or: false,
    list: &[
        both("name", Kind::Text),
        both("value", Kind::Text),
        both("tenantId", Kind::Text),
        both("variableKey", Kind::Key),
        both("scopeKey", Kind::Key),
        both("processInstanceKey", Kind::Key),
    ],
};

/// The fields of jobs.
pub static JOBS: Fields = Fields {
    has_or: false,
    list: &[
        both("jobKey", Kind::Key),
        both("type", Kind::Text),
        both("state", Kind::Name(JOB_STATES)),
        both("worker", Kind::Text),
        both("retries", Kind::Number),
        both("deadline", Kind::Time),
        both("priority", Kind::Number),
        both("elementId", Kind::Text),
        both("elementInstanceKey", Kind::Key),
        both("processInstanceKey", Kind::Key),
        both("processDefinitionKey", Kind::Key),
        both("processDefinitionId", Kind::Text),
        both("errorCode", Kind::Text),
        both("errorMessage", Kind::Text),
        both("hasFailedWithRetriesLeft", Kind::Flag),
        both("creationTime", Kind::Time),
        both("endTime", Kind::Time),
        both("tenantId", Kind::Text),
        filter("lastUpdateTime", Kind::Time),
    ],
};

/// The fields of incidents.
pub static INCIDENTS: Fields = Fields {
    has_or: false,
    list: &[
        both("incidentKey", Kind::Key),
        both("processDefinitionKey", Kind::Key),
        both("processDefinitionId", Kind::Text),
        both("processInstanceKey", Kind::Key),
        both("errorType", Kind::Text),
        both("elementId", Kind::Text),
        both("elementInstanceKey", Kind::Key),
        both("creationTime", Kind::Time),
        both("state", Kind::Name(&["ACTIVE", "PENDING", "RESOLVED", "MIGRATED", "UNKNOWN"])),
        both("jobKey", Kind::Key),
        both("tenantId", Kind::Text),
        filter("errorMessage", Kind::Text),
    ],
};

/// The fields of message subscriptions.
pub static MESSAGE_SUBSCRIPTIONS: Fields = Fields {
    has_or: false,
    list: &[
        both("messageSubscriptionKey", Kind::Key),
        both("processDefinitionKey", Kind::Key),
        both("processDefinitionId", Kind::Text),
        both("processInstanceKey", Kind::Key),
        both("elementId", Kind::Text),
        both("elementInstanceKey", Kind::Key),
        both("messageName", Kind::Text),
        both("correlationKey", Kind::Text),
        both("messageSubscriptionState", Kind::Name(SUBSCRIPTION_STATES)),
        both("messageSubscriptionType", Kind::Name(&["START_EVENT", "PROCESS_EVENT"])),
        both("lastUpdatedDate", Kind::Time),
        both("tenantId", Kind::Text),
    ],
};

const LIFE: &[&str] = &["ACTIVE", "COMPLETED", "TERMINATED"];
const SUBSCRIPTION_STATES: &[&str] = &["CREATED", "CORRELATED", "DELETED", "MIGRATED"];
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
