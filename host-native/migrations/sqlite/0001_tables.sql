-- The tables that the engine needs: the log, its head, and what enters and leaves beside it.

CREATE TABLE head (
    partition INTEGER PRIMARY KEY CHECK (partition BETWEEN 0 AND 511),
    incarnation INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    position INTEGER NOT NULL CHECK (position BETWEEN 0 AND 1125899906842623),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE lease (
    partition INTEGER PRIMARY KEY,
    holder TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- One row per frame: a command with its whole outcome. The body is the truth; the other columns are an index of it.
CREATE TABLE log (
    partition INTEGER NOT NULL,
    position INTEGER NOT NULL,
    count INTEGER NOT NULL CHECK (count > 0),
    tenant TEXT NOT NULL,
    intent TEXT NOT NULL,
    timestamp INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('events', 'rejection', 'control')),
    body BLOB NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (partition, position)
) STRICT;

CREATE INDEX log_refused ON log (partition, position) WHERE outcome = 'rejection';

CREATE TRIGGER log_refuses_update BEFORE UPDATE ON log
BEGIN
    SELECT RAISE(ABORT, 'UPDATE of log refused: the log is insert-only');
END;
CREATE TRIGGER log_refuses_delete BEFORE DELETE ON log
BEGIN
    SELECT RAISE(ABORT, 'DELETE of log refused: the log is insert-only');
END;

-- Commands that were accepted and not yet processed.
CREATE TABLE inbox (
    tenant TEXT NOT NULL,
    request_id TEXT NOT NULL,
    partition INTEGER NOT NULL,
    command TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_oldest ON inbox (partition, created_at, tenant, request_id);

CREATE TABLE snapshot (
    partition INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    format INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (partition, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE snapshot_chunk (
    partition INTEGER NOT NULL,
    position INTEGER NOT NULL,
    part INTEGER NOT NULL,
    body BLOB NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (partition, position, part)
) STRICT;

-- The names behind the numbers and letters of the log; refilled at every start.
CREATE TABLE intent (
    kind TEXT NOT NULL CHECK (kind IN ('command', 'event')),
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE field (
    scope INTEGER NOT NULL CHECK (scope IN (0, 1)),
    short TEXT NOT NULL,
    long TEXT NOT NULL,
    is_data INTEGER NOT NULL,
    PRIMARY KEY (short, scope)
) STRICT, WITHOUT ROWID;
