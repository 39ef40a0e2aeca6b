-- Bodies are sealed with a key a person (seal.go); those from before begin with
-- "{" and stay readable. Times become milliseconds of the Unix epoch. New: what
-- goes to remote APIs, leases, adapters' notes, attachments.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE person_keys (
    conversation TEXT PRIMARY KEY,
    key          BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations_2 (
    id           TEXT PRIMARY KEY CHECK (id <> ''),
    channel      TEXT NOT NULL,
    channel_user TEXT NOT NULL,
    last_seq     INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL,
    state        BLOB NOT NULL,
    UNIQUE (channel, channel_user)
) STRICT;
INSERT INTO conversations_2
    SELECT id, channel, channel_user, last_seq,
        COALESCE((SELECT CAST(1000 * unixepoch(MAX(at), 'subsec') AS INTEGER) FROM events WHERE conversation = conversations.id), 0),
        CAST(state AS BLOB)
    FROM conversations;

CREATE TABLE items_2 (
    conversation TEXT NOT NULL REFERENCES conversations_2 (id),
    seq          INTEGER NOT NULL,
    body         BLOB NOT NULL,
    PRIMARY KEY (conversation, seq)
) STRICT;
INSERT INTO items_2 SELECT conversation, seq, CAST(body AS BLOB) FROM items;

CREATE TABLE events_2 (
    id           TEXT PRIMARY KEY CHECK (id <> ''),
    conversation TEXT NOT NULL REFERENCES conversations_2 (id),
    ordinal      INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    body         BLOB NOT NULL,
    UNIQUE (conversation, ordinal)
) STRICT;
INSERT INTO events_2
    SELECT id, conversation, ordinal, CAST(1000 * unixepoch(at, 'subsec') AS INTEGER), CAST(body AS BLOB) FROM events;

CREATE TABLE seen_2 (
    conversation TEXT NOT NULL REFERENCES conversations_2 (id),
    id           TEXT NOT NULL CHECK (id <> ''),
    PRIMARY KEY (conversation, id)
) STRICT, WITHOUT ROWID;
INSERT INTO seen_2 SELECT conversation, id FROM seen;

CREATE TABLE cases_2 (
    id           TEXT PRIMARY KEY CHECK (id <> ''),
    conversation TEXT NOT NULL REFERENCES conversations_2 (id),
    state        TEXT NOT NULL,
    is_open      INTEGER NOT NULL,
    priority     INTEGER NOT NULL,
    opened_at    INTEGER NOT NULL,
    body         BLOB NOT NULL
) STRICT;
INSERT INTO cases_2
    SELECT id, conversation, state, is_open, priority, CAST(1000 * unixepoch(opened_at, 'subsec') AS INTEGER), CAST(body AS BLOB)
    FROM cases;

DROP TABLE items;
DROP TABLE events;
DROP TABLE seen;
DROP TABLE cases;
DROP TABLE conversations;
ALTER TABLE conversations_2 RENAME TO conversations;
ALTER TABLE items_2 RENAME TO items;
ALTER TABLE events_2 RENAME TO events;
ALTER TABLE seen_2 RENAME TO seen;
ALTER TABLE cases_2 RENAME TO cases;

CREATE INDEX conversations_by_change ON conversations (changed_at);
CREATE INDEX cases_by_urgency ON cases (is_open, priority DESC, opened_at, id);
CREATE INDEX cases_by_conversation ON cases (conversation);

CREATE TABLE outbox (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind         TEXT NOT NULL,
    name         TEXT NOT NULL,
    dest_key     TEXT NOT NULL,
    conversation TEXT NOT NULL REFERENCES conversations (id),
    event        TEXT NOT NULL,
    first_seq    INTEGER NOT NULL,
    last_seq     INTEGER NOT NULL,
    state        TEXT NOT NULL,
    attempts     INTEGER NOT NULL,
    unknowns     INTEGER NOT NULL,
    receipts     TEXT NOT NULL,
    error        TEXT NOT NULL,
    due          INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    holder       TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_queues ON outbox (kind, name, dest_key, id) WHERE state IN ('waiting', 'unknown');
CREATE INDEX outbox_states ON outbox (state, id) WHERE state <> 'sent';
CREATE INDEX outbox_by_conversation ON outbox (conversation);

CREATE TABLE leases (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE notes (
    owner TEXT NOT NULL,
    name  TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (owner, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE files (
    id           TEXT PRIMARY KEY CHECK (id <> ''),
    conversation TEXT NOT NULL REFERENCES conversations (id),
    at           INTEGER NOT NULL,
    expires      INTEGER NOT NULL,
    by_staff     INTEGER NOT NULL,
    size         INTEGER NOT NULL,
    description  BLOB NOT NULL,
    content      BLOB NOT NULL
) STRICT;
CREATE INDEX files_by_conversation ON files (conversation, at);
CREATE INDEX files_by_expiry ON files (expires);
