-- The log for people who ask in SQL: one row per record, bodies as jsonb with long names, keys as text.

-- Which names a body's fields have: those of the kernel first, those of the machine first, or the user's own.
-- 0 kernel, 1 machine, 2 data, 3 the frame around the bodies.

CREATE FUNCTION dacapo.unsigned(body bytea, start integer, width integer) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    result numeric := 0;
BEGIN
    FOR offs IN 0 .. width - 1 LOOP
        result := result * 256 + get_byte(body, start + offs);
    END LOOP;
    RETURN result;
END $$;

CREATE FUNCTION dacapo.signed(body bytea, start integer, width integer) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT dacapo.unsigned(body, start, width)
        - CASE WHEN get_byte(body, start) >= 128 THEN round(power(256::numeric, width)) ELSE 0 END
$$;

-- Text without NUL, which text of PostgreSQL cannot hold.
CREATE FUNCTION dacapo.plain_text(bytes bytea) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    start integer;
BEGIN
    LOOP
        start := position('\x00'::bytea IN bytes);
        EXIT WHEN start = 0;
        bytes := substring(bytes FROM 1 FOR start - 1) || '\xefbfbd'::bytea || substring(bytes FROM start + 1);
    END LOOP;
    RETURN convert_from(bytes, 'UTF8');
END $$;

CREATE FUNCTION dacapo.date_text(days bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    shifted bigint := days + 719468;
    era bigint := floor(shifted::numeric / 146097);
    of_era bigint := shifted - era * 146097;
    year_of_era bigint := (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    of_year bigint := of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    month_from_march bigint := (5 * of_year + 2) / 153;
    day bigint := of_year - (153 * month_from_march + 2) / 5 + 1;
    month bigint := CASE WHEN month_from_march < 10 THEN month_from_march + 3 ELSE month_from_march - 9 END;
    year bigint := year_of_era + era * 400 + CASE WHEN month <= 2 THEN 1 ELSE 0 END;
BEGIN
    RETURN CASE WHEN year < 0 THEN '-' ELSE '' END
        || lpad(abs(year)::text, greatest(4, length(abs(year)::text)), '0')
        || '-' || lpad(month::text, 2, '0') || '-' || lpad(day::text, 2, '0');
END $$;

CREATE FUNCTION dacapo.fraction_text(nanoseconds bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN nanoseconds = 0 THEN '' ELSE '.' || rtrim(lpad(nanoseconds::text, 9, '0'), '0') END
$$;

CREATE FUNCTION dacapo.time_text(bytes bytea) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    nanoseconds bigint := dacapo.unsigned(bytes, 0, 8);
    seconds bigint := nanoseconds / 1000000000;
    result text := lpad((seconds / 3600)::text, 2, '0') || ':' || lpad((seconds / 60 % 60)::text, 2, '0')
        || ':' || lpad((seconds % 60)::text, 2, '0') || dacapo.fraction_text(nanoseconds % 1000000000);
    offs bigint;
BEGIN
    IF length(bytes) = 8 THEN
        RETURN result;
    END IF;
    offs := dacapo.signed(bytes, 8, 4);
    IF offs = 0 THEN
        RETURN result || 'Z';
    END IF;
    result := result || CASE WHEN offs < 0 THEN '-' ELSE '+' END;
    offs := abs(offs);
    result := result || lpad((offs / 3600)::text, 2, '0') || ':' || lpad((offs / 60 % 60)::text, 2, '0');
    RETURN result || CASE WHEN offs % 60 = 0 THEN '' ELSE ':' || lpad((offs % 60)::text, 2, '0') END;
END $$;

CREATE FUNCTION dacapo.days_duration_text(nanoseconds numeric) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    total numeric := abs(nanoseconds);
    days numeric := div(total, 86400000000000);
    hours numeric := div(mod(total, 86400000000000), 3600000000000);
    minutes numeric := div(mod(total, 3600000000000), 60000000000);
    rest numeric := mod(total, 60000000000);
    result text := CASE WHEN nanoseconds < 0 THEN '-P' ELSE 'P' END;
BEGIN
    IF total = 0 THEN
        RETURN 'P0D';
    END IF;
    IF days <> 0 THEN
        result := result || days || 'D';
    END IF;
    IF hours <> 0 OR minutes <> 0 OR rest <> 0 THEN
        result := result || 'T';
    END IF;
    IF hours <> 0 THEN
        result := result || hours || 'H';
    END IF;
    IF minutes <> 0 THEN
        result := result || minutes || 'M';
    END IF;
    IF rest <> 0 THEN
        result := result || div(rest, 1000000000) || dacapo.fraction_text(mod(rest, 1000000000)::bigint) || 'S';
    END IF;
    RETURN result;
END $$;

CREATE FUNCTION dacapo.months_duration_text(months bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN months < 0 THEN '-P' ELSE 'P' END
        || CASE WHEN abs(months) >= 12 OR months = 0 THEN abs(months) / 12 || 'Y' ELSE '' END
        || CASE WHEN abs(months) % 12 <> 0 THEN abs(months) % 12 || 'M' ELSE '' END
$$;

-- A decimal number or a temporal value.
CREATE FUNCTION dacapo.extension_value(code integer, bytes bytea) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF code = 1 AND length(bytes) > 2 THEN
        RETURN to_jsonb((dacapo.signed(bytes, 2, length(bytes) - 2) || 'e' || dacapo.signed(bytes, 0, 2))::numeric);
    END IF;
    RETURN to_jsonb(CASE CASE WHEN code = 2 AND length(bytes) > 8 THEN get_byte(bytes, 0) END
        WHEN 1 THEN dacapo.date_text(dacapo.signed(bytes, 1, 8)::bigint)
        WHEN 2 THEN dacapo.time_text(substring(bytes FROM 2))
        WHEN 3 THEN dacapo.date_text(dacapo.signed(bytes, 1, 8)::bigint) || 'T' || dacapo.time_text(substring(bytes FROM 10))
        WHEN 4 THEN dacapo.days_duration_text(dacapo.signed(bytes, 1, 16))
        WHEN 5 THEN dacapo.months_duration_text(dacapo.signed(bytes, 1, 8)::bigint)
        ELSE encode(bytes, 'hex')
    END);
END $$;

CREATE FUNCTION dacapo.map_value(body bytea, start integer, size integer, mode integer, depth integer,
    OUT value jsonb, OUT next integer)
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    written text;
    long text;
    inner_mode integer;
    item jsonb;
    intent integer := 0;
    names text[] := '{}';
    items jsonb[] := '{}';
BEGIN
    next := start;
    FOR number IN 1 .. size LOOP
        SELECT it.value #>> '{}', it.next INTO written, next FROM dacapo.value(body, next, 2, false, depth + 1) AS it;
        long := written;
        inner_mode := mode;
        IF mode = 3 AND written = 'b' THEN
            inner_mode := CASE WHEN intent < 100 THEN 0 ELSE 1 END;
        ELSIF mode < 2 THEN
            SELECT field.long, CASE WHEN field.is_data THEN 2 ELSE mode END INTO long, inner_mode
                FROM dacapo.field WHERE field.short = written ORDER BY field.scope = mode DESC LIMIT 1;
            IF NOT FOUND THEN
                long := written;
                inner_mode := mode;
            END IF;
        END IF;
        SELECT it.value, it.next INTO item, next
            FROM dacapo.value(body, next, inner_mode, mode < 2 AND long ~ '(^|_)keys?$', depth + 1) AS it;
        IF mode = 3 AND written = 'i' AND intent = 0 THEN
            intent := item::integer;
        ELSIF mode = 3 AND written = 'kd' AND item = '1' THEN
            -- the body of a rejection is the kernel's
            intent := 1;
        END IF;
        names := names || long;
        items := items || item;
    END LOOP;
    SELECT coalesce(jsonb_object_agg(pair.name, pair.item), '{}') INTO value
        FROM unnest(names, items) AS pair (name, item);
END $$;

-- Decodes one value of MessagePack and says where the next one begins.
CREATE FUNCTION dacapo.value(body bytea, start integer, mode integer, is_key boolean, depth integer,
    OUT value jsonb, OUT next integer)
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    code integer := get_byte(body, start);
    kind text;
    size integer;
    bytes bytea;
    item jsonb;
    items jsonb[] := '{}';
BEGIN
    IF depth > 200 THEN
        RAISE EXCEPTION 'expected at most 200 levels of nesting, found more';
    END IF;
    next := start + 1;
    IF code < 128 THEN
        value := CASE WHEN is_key THEN to_jsonb(code::text) ELSE to_jsonb(code) END;
        RETURN;
    ELSIF code >= 224 THEN
        value := to_jsonb(code - 256);
        RETURN;
    ELSIF code < 144 THEN
        kind := 'map';
        size := code - 128;
    ELSIF code < 160 THEN
        kind := 'list';
        size := code - 144;
    ELSIF code < 192 THEN
        kind := 'text';
        size := code - 160;
    ELSIF code IN (192, 194, 195) THEN
        value := CASE code WHEN 192 THEN 'null' WHEN 194 THEN 'false' ELSE 'true' END::jsonb;
        RETURN;
    ELSIF code BETWEEN 204 AND 207 THEN
        size := 1 << (code - 204);
        value := to_jsonb(dacapo.unsigned(body, next, size));
        -- JavaScript reads numbers exactly up to 2^53 - 1
        value := CASE WHEN is_key OR mode < 2 AND value::numeric > 9007199254740991
            THEN to_jsonb(value #>> '{}') ELSE value END;
        next := next + size;
        RETURN;
    ELSIF code BETWEEN 208 AND 211 THEN
        size := 1 << (code - 208);
        value := to_jsonb(dacapo.signed(body, next, size));
        next := next + size;
        RETURN;
    ELSIF code BETWEEN 212 AND 216 THEN
        kind := 'extension';
        size := 1 << (code - 212);
    ELSIF code IN (193, 202, 203) THEN
        RAISE EXCEPTION 'expected a value that the log may hold, found MessagePack code %', code;
    ELSE
        kind := CASE WHEN code < 199 THEN 'bytes' WHEN code < 202 THEN 'extension' WHEN code < 220 THEN 'text'
            WHEN code < 222 THEN 'list' ELSE 'map' END;
        size := CASE WHEN code IN (196, 199, 217) THEN 1 WHEN code IN (197, 200, 218, 220, 222) THEN 2 ELSE 4 END;
        next := next + size;
        size := dacapo.unsigned(body, next - size, size);
    END IF;
    IF kind = 'map' THEN
        SELECT it.value, it.next INTO value, next FROM dacapo.map_value(body, next, size, mode, depth) AS it;
    ELSIF kind = 'list' THEN
        FOR number IN 1 .. size LOOP
            SELECT it.value, it.next INTO item, next FROM dacapo.value(body, next, mode, is_key, depth + 1) AS it;
            items := items || item;
        END LOOP;
        value := to_jsonb(items);
    ELSIF kind = 'extension' THEN
        code := get_byte(body, next);
        bytes := substring(body FROM next + 2 FOR size);
        value := dacapo.extension_value(code, bytes);
        next := next + 1 + size;
    ELSE
        bytes := substring(body FROM next + 1 FOR size);
        value := to_jsonb(CASE kind WHEN 'text' THEN dacapo.plain_text(bytes) ELSE encode(bytes, 'hex') END);
        next := next + size;
    END IF;
END $$;

-- A frame as jsonb: the command and its outcome, with long names.
CREATE FUNCTION dacapo.frame(body bytea) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
    -- a copy in memory: a value that is stored out of line would be fetched for every byte
    frame jsonb := (SELECT it.value FROM dacapo.value(body || ''::bytea, 0, 3, false, 0) AS it);
    command jsonb := frame -> 'cmd';
    intent jsonb := coalesce((SELECT to_jsonb(it.name) FROM dacapo.intent AS it
        WHERE it.kind = 'command' AND it.number = (command ->> 'i')::integer), command -> 'i');
    records jsonb;
BEGIN
    SELECT coalesce(jsonb_agg(dacapo.outcome_record(frame, intent, it.record, it.number) ORDER BY it.number), '[]')
        INTO records FROM jsonb_array_elements(frame -> 'r') WITH ORDINALITY AS it (record, number);
    RETURN jsonb_build_object(
        'partition', frame -> 'p', 'position', frame -> 'n', 'count', frame -> 'c', 'timestamp', frame -> 't',
        'tenant', frame -> 'tn', 'semantics', frame -> 's', 'records', records, 'digest', frame -> 'd',
        'outcome', CASE WHEN records = '[]' THEN 'control' WHEN records -> 0 -> 'kind' = '"event"' THEN 'events'
            ELSE 'rejection' END,
        'command', jsonb_build_object('intent', intent, 'version', command -> 'v', 'body', command -> 'b')
            || CASE WHEN command ? 'k' THEN jsonb_build_object('key', command ->> 'k') ELSE '{}' END
            || CASE WHEN command ? 'q' THEN jsonb_build_object('request_id', command -> 'q') ELSE '{}' END
            || CASE WHEN command ? 'a' THEN jsonb_build_object('actor', command -> 'a') ELSE '{}' END
            || CASE WHEN command ? 'co' THEN jsonb_build_object('correlation_id', command -> 'co') ELSE '{}' END
            || CASE WHEN command ? 'tr' THEN jsonb_build_object('trace', command -> 'tr') ELSE '{}' END);
END $$;

CREATE FUNCTION dacapo.outcome_record(frame jsonb, command_intent jsonb, record jsonb, number bigint) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('position', (frame ->> 'n')::bigint + number, 'body', record -> 'b')
        || CASE WHEN record -> 'kd' = '1'
            THEN jsonb_build_object('kind', 'rejection', 'intent', command_intent)
            ELSE jsonb_build_object('kind', 'event', 'version', record -> 'v', 'key', record ->> 'k',
                'intent', coalesce((SELECT to_jsonb(it.name) FROM dacapo.intent AS it
                    WHERE it.kind = 'event' AND it.number = (record ->> 'i')::integer), record -> 'i'))
            END
$$;

CREATE VIEW dacapo.command_log AS
SELECT log.partition,
    log.position,
    log.position AS asqn,
    log.tenant AS tenant_id,
    log.intent,
    it.frame #>> '{command,key}' AS key,
    it.frame #> '{command,body}' AS payload,
    timestamptz 'epoch' + log.timestamp * interval '1 millisecond' AS timestamp,
    timestamptz 'epoch' + log.timestamp * interval '1 millisecond' AS processed_at,
    CASE log.outcome WHEN 'rejection' THEN it.frame #>> '{records,0,body,code}' END AS rejection_type,
    CASE log.outcome WHEN 'rejection' THEN it.frame #>> '{records,0,body,reason}' END AS rejection_reason,
    it.frame #>> '{command,request_id}' AS request_id,
    it.frame #>> '{command,actor}' AS actor,
    it.frame #>> '{command,correlation_id}' AS correlation_id
FROM dacapo.log CROSS JOIN LATERAL (SELECT dacapo.frame(log.body) AS frame OFFSET 0) AS it
WHERE log.outcome <> 'control';
COMMENT ON VIEW dacapo.command_log IS
    'Every command, with when it was processed and why it was refused. Ask by partition and position: bodies are decoded for every row that is read.';

CREATE VIEW dacapo.event_log AS
SELECT log.partition,
    (record ->> 'position')::bigint AS position,
    (record ->> 'position')::bigint AS asqn,
    log.position AS command_position,
    log.tenant AS tenant_id,
    record ->> 'intent' AS intent,
    record ->> 'key' AS key,
    record -> 'body' AS payload,
    timestamptz 'epoch' + log.timestamp * interval '1 millisecond' AS timestamp
FROM dacapo.log CROSS JOIN LATERAL jsonb_array_elements(dacapo.frame(log.body) -> 'records') AS record
WHERE log.outcome = 'events'
UNION ALL
SELECT log.partition,
    log.position,
    log.position,
    NULL,
    log.tenant,
    log.intent,
    NULL,
    dacapo.frame(log.body) #> '{command,body}',
    timestamptz 'epoch' + log.timestamp * interval '1 millisecond'
FROM dacapo.log
WHERE log.outcome = 'control';
COMMENT ON VIEW dacapo.event_log IS
    'Every event with the position of its command, and the records of the log''s own life, which have no command. Ask by partition and command_position.';
