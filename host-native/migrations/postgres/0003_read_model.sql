-- The read model: rows folded from the events of the log, in log order. Dropping and rebuilding it gives the same rows.
-- Times are milliseconds since 1970-01-01 UTC. Indexes on text take its first 64 characters: users' names have no bound.

CREATE TABLE dacapo.process_definition (
    partition smallint NOT NULL,
    key bigint NOT NULL,
    process_id text COLLATE "C" NOT NULL,
    name text COLLATE "C",
    version bigint NOT NULL,
    version_tag text COLLATE "C",
    resource_name text COLLATE "C" NOT NULL,
    deployment_key bigint NOT NULL,
    xml bytea NOT NULL,
    tenant text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (partition, key)
);
CREATE INDEX process_definition_process_id_version ON dacapo.process_definition (partition, substr(process_id, 1, 64), version);

CREATE TABLE dacapo.process_instance (
    partition smallint NOT NULL,
    key bigint NOT NULL,
    process_definition_key bigint NOT NULL,
    process_id text COLLATE "C" NOT NULL,
    process_name text COLLATE "C",
    version bigint NOT NULL,
    version_tag text COLLATE "C",
    state text COLLATE "C" NOT NULL,
    start_date bigint NOT NULL,
    end_date bigint,
    incidents bigint NOT NULL,
    parent_process_instance_key bigint,
    parent_element_instance_key bigint,
    tags text COLLATE "C" NOT NULL,
    business_id text COLLATE "C",
    tenant text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (partition, key)
);
CREATE INDEX process_instance_process_definition_key ON dacapo.process_instance (partition, process_definition_key);
CREATE INDEX process_instance_process_id ON dacapo.process_instance (partition, substr(process_id, 1, 64));
CREATE INDEX process_instance_start_date ON dacapo.process_instance (partition, start_date);
CREATE INDEX process_instance_end_date ON dacapo.process_instance (partition, end_date DESC NULLS LAST);
CREATE INDEX process_instance_parent_process_instance_key ON dacapo.process_instance (partition, parent_process_instance_key) WHERE parent_process_instance_key IS NOT NULL;
CREATE INDEX process_instance_business_id ON dacapo.process_instance (partition, substr(business_id, 1, 64)) WHERE business_id IS NOT NULL;
CREATE INDEX process_instance_active_key ON dacapo.process_instance (partition, key) WHERE state = 'ACTIVE';
CREATE INDEX process_instance_with_incident ON dacapo.process_instance (partition, key) WHERE incidents > 0;

CREATE TABLE dacapo.element_instance (
    partition smallint NOT NULL,
    key bigint NOT NULL,
    process_instance_key bigint NOT NULL,
    process_definition_key bigint NOT NULL,
    process_id text COLLATE "C" NOT NULL,
    element_id text COLLATE "C" NOT NULL,
    element_name text COLLATE "C",
    type text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    start_date bigint NOT NULL,
    end_date bigint,
    scope_key bigint NOT NULL,
    incident_key bigint,
    tenant text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (partition, key)
);
CREATE INDEX element_instance_process_instance_key ON dacapo.element_instance (partition, process_instance_key);
CREATE INDEX element_instance_active_process_definition_key ON dacapo.element_instance (partition, process_definition_key) WHERE state = 'ACTIVE';

CREATE TABLE dacapo.variable (
    partition smallint NOT NULL,
    key bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    scope_key bigint NOT NULL,
    process_instance_key bigint NOT NULL,
    tenant text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (partition, key)
);
CREATE INDEX variable_process_instance_key ON dacapo.variable (partition, process_instance_key);
CREATE INDEX variable_scope_key ON dacapo.variable (partition, scope_key);
CREATE INDEX variable_name_value ON dacapo.variable (partition, substr(name, 1, 64), substr(value, 1, 64));

CREATE TABLE dacapo.job (
    partition smallint NOT NULL,
    key bigint NOT NULL,
    type text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    worker text COLLATE "C",
    retries bigint NOT NULL,
    deadline bigint,
    element_id text COLLATE "C" NOT NULL,
    element_instance_key bigint NOT NULL,
    process_instance_key bigint NOT NULL,
    process_definition_key bigint NOT NULL,
    process_id text COLLATE "C" NOT NULL,
    headers text COLLATE "C" NOT NULL,
    error_code text COLLATE "C",
    error_message text COLLATE "C",
    creation_time bigint NOT NULL,
    last_update_time bigint NOT NULL,
    end_time bigint,
    has_failed_with_retries_left bigint NOT NULL,
    priority bigint NOT NULL,
    tenant text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (partition, key)
);
CREATE INDEX job_process_instance_key ON dacapo.job (partition, process_instance_key);
CREATE INDEX job_type ON dacapo.job (partition, substr(type, 1, 64));

CREATE TABLE dacapo.incident (
    partition smallint NOT NULL,
    key bigint NOT NULL,
    error_type text COLLATE "C" NOT NULL,
    error_message text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    creation_time bigint NOT NULL,
    resolved_time bigint,
    element_id text COLLATE "C" NOT NULL,
    element_instance_key bigint NOT NULL,
    process_instance_key bigint NOT NULL,
    process_definition_key bigint NOT NULL,
    process_id text COLLATE "C" NOT NULL,
    job_key bigint,
    tenant text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (partition, key)
);
CREATE INDEX incident_process_instance_key ON dacapo.incident (partition, process_instance_key);
CREATE INDEX incident_process_definition_key ON dacapo.incident (partition, process_definition_key);
CREATE INDEX incident_active_key ON dacapo.incident (partition, key) WHERE state = 'ACTIVE';

CREATE TABLE dacapo.message_subscription (
    partition smallint NOT NULL,
    key bigint NOT NULL,
    message_name text COLLATE "C" NOT NULL,
    correlation_key text COLLATE "C",
    state text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    element_id text COLLATE "C" NOT NULL,
    element_instance_key bigint,
    process_instance_key bigint,
    process_definition_key bigint NOT NULL,
    process_id text COLLATE "C" NOT NULL,
    last_updated bigint NOT NULL,
    tenant text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (partition, key)
);
CREATE INDEX message_subscription_process_instance_key ON dacapo.message_subscription (partition, process_instance_key) WHERE process_instance_key IS NOT NULL;
CREATE INDEX message_subscription_message_name_correlation_key ON dacapo.message_subscription (partition, substr(message_name, 1, 64), substr(correlation_key, 1, 64));

CREATE TABLE dacapo.timer (
    partition smallint NOT NULL,
    key bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    due_date bigint NOT NULL,
    repetitions bigint,
    element_id text COLLATE "C" NOT NULL,
    element_instance_key bigint,
    process_instance_key bigint,
    process_definition_key bigint NOT NULL,
    process_id text COLLATE "C" NOT NULL,
    tenant text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (partition, key)
);
CREATE INDEX timer_process_instance_key ON dacapo.timer (partition, process_instance_key) WHERE process_instance_key IS NOT NULL;
CREATE INDEX timer_active_due_date ON dacapo.timer (partition, due_date) WHERE state = 'ACTIVE';

CREATE TABLE dacapo.decision_requirements (
    partition smallint NOT NULL,
    key bigint NOT NULL,
    decision_requirements_id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    resource_name text COLLATE "C" NOT NULL,
    deployment_key bigint NOT NULL,
    xml bytea NOT NULL,
    tenant text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (partition, key)
);
CREATE INDEX decision_requirements_decision_requirements_id_version ON dacapo.decision_requirements (partition, substr(decision_requirements_id, 1, 64), version);

CREATE TABLE dacapo.decision_definition (
    partition smallint NOT NULL,
    key bigint NOT NULL,
    decision_id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    version_tag text COLLATE "C",
    decision_requirements_key bigint NOT NULL,
    decision_requirements_id text COLLATE "C" NOT NULL,
    decision_requirements_name text COLLATE "C" NOT NULL,
    decision_requirements_version bigint NOT NULL,
    tenant text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (partition, key)
);
CREATE INDEX decision_definition_decision_id_version ON dacapo.decision_definition (partition, substr(decision_id, 1, 64), version);
CREATE INDEX decision_definition_decision_requirements_key ON dacapo.decision_definition (partition, decision_requirements_key);

CREATE TABLE dacapo.decision_instance (
    partition smallint NOT NULL,
    key bigint NOT NULL,
    instance_key text COLLATE "C" NOT NULL,
    evaluation_key bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    evaluation_date bigint NOT NULL,
    evaluation_failure text COLLATE "C",
    decision_definition_key bigint NOT NULL,
    decision_id text COLLATE "C" NOT NULL,
    decision_name text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    decision_type text COLLATE "C" NOT NULL,
    decision_requirements_key bigint NOT NULL,
    root_decision_definition_key bigint NOT NULL,
    element_instance_key bigint,
    process_instance_key bigint,
    process_definition_key bigint,
    process_id text COLLATE "C",
    result text COLLATE "C" NOT NULL,
    inputs text COLLATE "C" NOT NULL,
    rules text COLLATE "C" NOT NULL,
    warnings text COLLATE "C" NOT NULL,
    tenant text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (partition, key)
);
CREATE INDEX decision_instance_process_instance_key ON dacapo.decision_instance (partition, process_instance_key) WHERE process_instance_key IS NOT NULL;
CREATE INDEX decision_instance_decision_definition_key ON dacapo.decision_instance (partition, decision_definition_key);
CREATE INDEX decision_instance_decision_id ON dacapo.decision_instance (partition, substr(decision_id, 1, 64));

CREATE TABLE dacapo.step_instance (
    partition smallint NOT NULL,
    instance_key bigint NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (partition, instance_key, position)
);

CREATE TABLE dacapo.projection (
    partition smallint PRIMARY KEY,
    position bigint NOT NULL
) WITH (fillfactor = 50);
