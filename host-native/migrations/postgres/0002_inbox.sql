-- Puts a command into the inbox inside the caller's own transaction: their row and our command commit together.

CREATE FUNCTION dacapo.enqueue(
    command jsonb,
    request_id text DEFAULT gen_random_uuid()::text,
    tenant text DEFAULT '<default>'
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    home smallint;
    waiting jsonb;
BEGIN
    IF command IS NULL OR jsonb_typeof(command) <> 'object' THEN
        RAISE EXCEPTION 'expected a command as a JSON object, found %', coalesce(jsonb_typeof(command), 'NULL')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF coalesce(enqueue.request_id, '') = '' OR coalesce(enqueue.tenant, '') = '' THEN
        RAISE EXCEPTION 'expected a request id and a tenant, found nothing'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT min(head.partition) INTO home FROM dacapo.head;
    IF home IS NULL THEN
        RAISE EXCEPTION 'expected a partition for tenant %, found none: no engine has ever started on this database', enqueue.tenant
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    INSERT INTO dacapo.inbox (tenant, request_id, partition, command)
        VALUES (enqueue.tenant, enqueue.request_id, home, enqueue.command)
        ON CONFLICT (tenant, request_id) DO NOTHING;
    IF NOT FOUND THEN
        SELECT inbox.command INTO waiting FROM dacapo.inbox
            WHERE inbox.tenant = enqueue.tenant AND inbox.request_id = enqueue.request_id;
        IF waiting <> enqueue.command THEN
            RAISE EXCEPTION 'expected the command that waits under request id %, found another one', enqueue.request_id
                USING ERRCODE = 'unique_violation';
        END IF;
    END IF;
    RETURN enqueue.request_id;
END $$;
REVOKE EXECUTE ON FUNCTION dacapo.enqueue(jsonb, text, text) FROM PUBLIC;
COMMENT ON FUNCTION dacapo.enqueue(jsonb, text, text) IS
    'Accepts a command; the request id is the receipt. To let an application role use it:
     GRANT USAGE ON SCHEMA dacapo TO app; GRANT EXECUTE ON FUNCTION dacapo.enqueue(jsonb, text, text) TO app;';
