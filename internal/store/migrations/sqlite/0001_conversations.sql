-- Conversations, and everything that a turn leaves behind. Bodies are JSON, so
-- that a row can be read by a person; columns beside them exist to find and
-- sort rows. Times are text in UTC, which sorts as it should.

CREATE TABLE conversations (
    id           TEXT PRIMARY KEY CHECK (id <> ''),
    channel      TEXT NOT NULL,
    channel_user TEXT NOT NULL,
    last_seq     INTEGER NOT NULL,
    state        TEXT NOT NULL,
    UNIQUE (channel, channel_user)
) STRICT;

CREATE TABLE items (
    conversation TEXT NOT NULL REFERENCES conversations (id),
    seq          INTEGER NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (conversation, seq)
) STRICT;

CREATE TABLE events (
    id           TEXT PRIMARY KEY CHECK (id <> ''),
    conversation TEXT NOT NULL REFERENCES conversations (id),
    ordinal      INTEGER NOT NULL,
    at           TEXT NOT NULL,
    body         TEXT NOT NULL,
    UNIQUE (conversation, ordinal)
) STRICT;

-- IDs of messages and staff actions that were committed.
CREATE TABLE seen (
    conversation TEXT NOT NULL REFERENCES conversations (id),
    id           TEXT NOT NULL CHECK (id <> ''),
    PRIMARY KEY (conversation, id)
) STRICT, WITHOUT ROWID;

-- The last state of each case, taken from the events.
CREATE TABLE cases (
    id           TEXT PRIMARY KEY CHECK (id <> ''),
    conversation TEXT NOT NULL REFERENCES conversations (id),
    state        TEXT NOT NULL,
    is_open      INTEGER NOT NULL,
    priority     INTEGER NOT NULL,
    opened_at    TEXT NOT NULL,
    body         TEXT NOT NULL
) STRICT;

CREATE INDEX cases_by_urgency ON cases (is_open, priority DESC, opened_at, id);
