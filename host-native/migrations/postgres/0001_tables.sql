-- The tables that the engine needs: the log, its head, and what enters and leaves beside it.
-- The schema itself is created by whoever runs the migrations.

CREATE TABLE dacapo.head (
    partition smallint PRIMARY KEY CHECK (partition BETWEEN 0 AND 511),
    incarnation bigint NOT NULL,
    epoch bigint NOT NULL,
    position bigint NOT NULL CHECK (position BETWEEN 0 AND 1125899906842623),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
) WITH (fillfactor = 50);
COMMENT ON TABLE dacapo.head IS 'The end of each partition''s log; every append and every takeover locks its row.';

CREATE TABLE dacapo.lease (
    partition smallint PRIMARY KEY,
    holder text NOT NULL,
    expires_at timestamptz NOT NULL,
    writer_pid integer NOT NULL
) WITH (fillfactor = 50);
COMMENT ON COLUMN dacapo.lease.writer_pid IS 'The backend of the writer; one that is gone need not be waited for.';
COMMENT ON TABLE dacapo.lease IS 'Who may take a partition, and until when; a row of its own, so that renewal never waits for an append.';

CREATE TABLE dacapo.log (
    partition smallint NOT NULL,
    position bigint NOT NULL,
    count integer NOT NULL CHECK (count > 0),
    tenant text COLLATE "C" NOT NULL,
    intent text COLLATE "C" NOT NULL,
    timestamp bigint NOT NULL,
    outcome text COLLATE "C" NOT NULL CHECK (outcome IN ('events', 'rejection', 'control')),
    body bytea NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (partition, position)
) PARTITION BY RANGE (position);
CREATE INDEX log_refused ON dacapo.log (partition, position) WHERE outcome = 'rejection';
COMMENT ON TABLE dacapo.log IS 'One row per frame: a command with its whole outcome. Insert-only. The body is the truth; the other columns are an index of it.';
COMMENT ON COLUMN dacapo.log.body IS 'MessagePack; hash = BLAKE3(hash before || BLAKE3(body))';
COMMENT ON COLUMN dacapo.log.timestamp IS 'milliseconds since 1970-01-01 UTC';

CREATE FUNCTION dacapo.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION '% of dacapo.log refused: the log is insert-only', TG_OP
        USING ERRCODE = 'restrict_violation',
              HINT = 'old records leave only as whole partitions, detached after an export';
END $$;

CREATE TRIGGER log_is_insert_only BEFORE UPDATE OR DELETE ON dacapo.log
    FOR EACH ROW EXECUTE FUNCTION dacapo.refuse_change();
CREATE TRIGGER log_is_never_truncated BEFORE TRUNCATE ON dacapo.log
    FOR EACH STATEMENT EXECUTE FUNCTION dacapo.refuse_change();

-- Makes the partitions that hold `position` and the next ten million; returns the first position beyond them.
CREATE FUNCTION dacapo.extend_log(at_position bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    span constant bigint := 10000000;
    name text;
BEGIN
    PERFORM pg_advisory_xact_lock(7223942110);
    FOR part IN at_position / span .. at_position / span + 1 LOOP
        name := format('log_%s', part);
        CONTINUE WHEN to_regclass('dacapo.' || name) IS NOT NULL;
        EXECUTE format('CREATE TABLE dacapo.%I (LIKE dacapo.log INCLUDING ALL)
            WITH (autovacuum_vacuum_insert_scale_factor = 0.05)', name);
        EXECUTE format('CREATE TRIGGER log_is_never_truncated BEFORE TRUNCATE ON dacapo.%I
            FOR EACH STATEMENT EXECUTE FUNCTION dacapo.refuse_change()', name);
        EXECUTE format('ALTER TABLE dacapo.log ATTACH PARTITION dacapo.%I FOR VALUES FROM (%s) TO (%s)',
            name, part * span, (part + 1) * span);
    END LOOP;
    RETURN (at_position / span + 2) * span;
END $$;
SELECT dacapo.extend_log(0);

CREATE TABLE dacapo.inbox (
    tenant text COLLATE "C" NOT NULL,
    request_id text COLLATE "C" NOT NULL,
    partition smallint NOT NULL,
    command jsonb NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, request_id)
);
CREATE INDEX inbox_oldest ON dacapo.inbox (partition, created_at, tenant, request_id);
COMMENT ON TABLE dacapo.inbox IS 'Commands that were accepted and not yet processed; see dacapo.enqueue.';

CREATE TABLE dacapo.snapshot (
    partition smallint NOT NULL,
    position bigint NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    format integer NOT NULL,
    parts integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (partition, position)
);
CREATE TABLE dacapo.snapshot_chunk (
    partition smallint NOT NULL,
    position bigint NOT NULL,
    part integer NOT NULL,
    body bytea NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (partition, position, part)
);
COMMENT ON TABLE dacapo.snapshot IS 'The state after a position. An optimisation: one that does not fit the log is ignored.';

-- The names behind the numbers and letters of the log; refilled at every start.
CREATE TABLE dacapo.intent (
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('command', 'event')),
    number integer NOT NULL,
    name text COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, number)
);
CREATE TABLE dacapo.field (
    scope integer NOT NULL CHECK (scope IN (0, 1)),
    short text COLLATE "C" NOT NULL,
    long text COLLATE "C" NOT NULL,
    is_data boolean NOT NULL,
    PRIMARY KEY (short, scope)
);
COMMENT ON COLUMN dacapo.field.scope IS '0 for the fields of the kernel, 1 for those of the machine';
