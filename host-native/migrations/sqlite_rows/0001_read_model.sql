-- The read model: rows folded from the events of the log, in log order. Dropping and rebuilding it gives the same rows.
-- Times are milliseconds since 1970-01-01 UTC. A key holds its partition, so it is unique among all of them.

CREATE TABLE process_definition (
    partition INTEGER NOT NULL,
    key INTEGER PRIMARY KEY,
    process_id TEXT NOT NULL,
    name TEXT,
    version INTEGER NOT NULL,
    version_tag TEXT,
    resource_name TEXT NOT NULL,
    deployment_key INTEGER NOT NULL,
    xml BLOB NOT NULL,
    tenant TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX process_definition_process_id_version ON process_definition (partition, substr(process_id, 1, 64), version);

CREATE TABLE process_instance (
    partition INTEGER NOT NULL,
    key INTEGER PRIMARY KEY,
    process_definition_key INTEGER NOT NULL,
    process_id TEXT NOT NULL,
    process_name TEXT,
    version INTEGER NOT NULL,
    version_tag TEXT,
    state TEXT NOT NULL,
    start_date INTEGER NOT NULL,
    end_date INTEGER,
    incidents INTEGER NOT NULL,
    parent_process_instance_key INTEGER,
    parent_element_instance_key INTEGER,
    tags TEXT NOT NULL,
    business_id TEXT,
    tenant TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX process_instance_process_definition_key ON process_instance (partition, process_definition_key);
CREATE INDEX process_instance_process_id ON process_instance (partition, substr(process_id, 1, 64));
CREATE INDEX process_instance_start_date ON process_instance (partition, start_date);
CREATE INDEX process_instance_end_date ON process_instance (partition, end_date DESC);
CREATE INDEX process_instance_parent_process_instance_key ON process_instance (partition, parent_process_instance_key) WHERE parent_process_instance_key IS NOT NULL;
CREATE INDEX process_instance_business_id ON process_instance (partition, substr(business_id, 1, 64)) WHERE business_id IS NOT NULL;
CREATE INDEX process_instance_state ON process_instance (partition, state);
CREATE INDEX process_instance_incidents ON process_instance (partition, incidents);

CREATE TABLE element_instance (
    partition INTEGER NOT NULL,
    key INTEGER PRIMARY KEY,
    process_instance_key INTEGER NOT NULL,
    process_definition_key INTEGER NOT NULL,
    process_id TEXT NOT NULL,
    element_id TEXT NOT NULL,
    element_name TEXT,
    type TEXT NOT NULL,
    state TEXT NOT NULL,
    start_date INTEGER NOT NULL,
    end_date INTEGER,
    scope_key INTEGER NOT NULL,
    incident_key INTEGER,
    tenant TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX element_instance_process_instance_key ON element_instance (partition, process_instance_key);
CREATE INDEX element_instance_state_process_definition_key ON element_instance (partition, state, process_definition_key);

CREATE TABLE variable (
    partition INTEGER NOT NULL,
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    scope_key INTEGER NOT NULL,
    process_instance_key INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX variable_process_instance_key ON variable (partition, process_instance_key);
CREATE INDEX variable_scope_key ON variable (partition, scope_key);
CREATE INDEX variable_name_value ON variable (partition, substr(name, 1, 64), substr(value, 1, 64));

CREATE TABLE job (
    partition INTEGER NOT NULL,
    key INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    state TEXT NOT NULL,
    worker TEXT,
    retries INTEGER NOT NULL,
    deadline INTEGER,
    element_id TEXT NOT NULL,
    element_instance_key INTEGER NOT NULL,
    process_instance_key INTEGER NOT NULL,
    process_definition_key INTEGER NOT NULL,
    process_id TEXT NOT NULL,
    headers TEXT NOT NULL,
    error_code TEXT,
    error_message TEXT,
    creation_time INTEGER NOT NULL,
    last_update_time INTEGER NOT NULL,
    end_time INTEGER,
    has_failed_with_retries_left INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX job_process_instance_key ON job (partition, process_instance_key);
CREATE INDEX job_type ON job (partition, substr(type, 1, 64));

CREATE TABLE incident (
    partition INTEGER NOT NULL,
    key INTEGER PRIMARY KEY,
    error_type TEXT NOT NULL,
    error_message TEXT NOT NULL,
    state TEXT NOT NULL,
    creation_time INTEGER NOT NULL,
    resolved_time INTEGER,
    element_id TEXT NOT NULL,
    element_instance_key INTEGER NOT NULL,
    process_instance_key INTEGER NOT NULL,
    process_definition_key INTEGER NOT NULL,
    process_id TEXT NOT NULL,
    job_key INTEGER,
    tenant TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX incident_process_instance_key ON incident (partition, process_instance_key);
CREATE INDEX incident_process_definition_key ON incident (partition, process_definition_key);
CREATE INDEX incident_state ON incident (partition, state);

CREATE TABLE message_subscription (
    partition INTEGER NOT NULL,
    key INTEGER PRIMARY KEY,
    message_name TEXT NOT NULL,
    correlation_key TEXT,
    state TEXT NOT NULL,
    type TEXT NOT NULL,
    element_id TEXT NOT NULL,
    element_instance_key INTEGER,
    process_instance_key INTEGER,
    process_definition_key INTEGER NOT NULL,
    process_id TEXT NOT NULL,
    last_updated INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX message_subscription_process_instance_key ON message_subscription (partition, process_instance_key) WHERE process_instance_key IS NOT NULL;
CREATE INDEX message_subscription_message_name_correlation_key ON message_subscription (partition, substr(message_name, 1, 64), substr(correlation_key, 1, 64));

CREATE TABLE timer (
    partition INTEGER NOT NULL,
    key INTEGER PRIMARY KEY,
    state TEXT NOT NULL,
    due_date INTEGER NOT NULL,
    repetitions INTEGER,
    element_id TEXT NOT NULL,
    element_instance_key INTEGER,
    process_instance_key INTEGER,
    process_definition_key INTEGER NOT NULL,
    process_id TEXT NOT NULL,
    tenant TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX timer_process_instance_key ON timer (partition, process_instance_key) WHERE process_instance_key IS NOT NULL;
CREATE INDEX timer_state_due_date ON timer (partition, state, due_date);

CREATE TABLE decision_requirements (
    partition INTEGER NOT NULL,
    key INTEGER PRIMARY KEY,
    decision_requirements_id TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    resource_name TEXT NOT NULL,
    deployment_key INTEGER NOT NULL,
    xml BLOB NOT NULL,
    tenant TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_requirements_decision_requirements_id_version ON decision_requirements (partition, substr(decision_requirements_id, 1, 64), version);

CREATE TABLE decision_definition (
    partition INTEGER NOT NULL,
    key INTEGER PRIMARY KEY,
    decision_id TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    version_tag TEXT,
    decision_requirements_key INTEGER NOT NULL,
    decision_requirements_id TEXT NOT NULL,
    decision_requirements_name TEXT NOT NULL,
    decision_requirements_version INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_definition_decision_id_version ON decision_definition (partition, substr(decision_id, 1, 64), version);
CREATE INDEX decision_definition_decision_requirements_key ON decision_definition (partition, decision_requirements_key);

CREATE TABLE decision_instance (
    partition INTEGER NOT NULL,
    key INTEGER PRIMARY KEY,
    instance_key TEXT NOT NULL,
    evaluation_key INTEGER NOT NULL,
    state TEXT NOT NULL,
    evaluation_date INTEGER NOT NULL,
    evaluation_failure TEXT,
    decision_definition_key INTEGER NOT NULL,
    decision_id TEXT NOT NULL,
    decision_name TEXT NOT NULL,
    version INTEGER NOT NULL,
    decision_type TEXT NOT NULL,
    decision_requirements_key INTEGER NOT NULL,
    root_decision_definition_key INTEGER NOT NULL,
    element_instance_key INTEGER,
    process_instance_key INTEGER,
    process_definition_key INTEGER,
    process_id TEXT,
    result TEXT NOT NULL,
    inputs TEXT NOT NULL,
    rules TEXT NOT NULL,
    warnings TEXT NOT NULL,
    tenant TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_instance_process_instance_key ON decision_instance (partition, process_instance_key) WHERE process_instance_key IS NOT NULL;
CREATE INDEX decision_instance_decision_definition_key ON decision_instance (partition, decision_definition_key);
CREATE INDEX decision_instance_decision_id ON decision_instance (partition, substr(decision_id, 1, 64));

CREATE TABLE step_instance (
    partition INTEGER NOT NULL,
    instance_key INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (partition, instance_key, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE projection (
    partition INTEGER PRIMARY KEY,
    position INTEGER NOT NULL
) STRICT;

-- The identity of the file with the log.
CREATE TABLE origin (id BLOB NOT NULL) STRICT;
