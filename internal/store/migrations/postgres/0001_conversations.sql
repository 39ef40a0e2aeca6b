-- Conversations, and everything that a turn leaves behind. Bodies are sealed with
-- a key a person (seal.go); columns beside them exist to find and sort rows.
-- Times are milliseconds of the Unix epoch. Text sorts by bytes, as in SQLite.

CREATE TABLE conversations (
    id           TEXT COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    channel      TEXT NOT NULL,
    channel_user TEXT NOT NULL,
    last_seq     BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL,
    state        BYTEA NOT NULL,
    UNIQUE (channel, channel_user)
);

CREATE TABLE items (
    conversation TEXT COLLATE "C" NOT NULL REFERENCES conversations (id),
    seq          BIGINT NOT NULL,
    body         BYTEA NOT NULL,
    PRIMARY KEY (conversation, seq)
);

CREATE TABLE events (
    id           TEXT COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    conversation TEXT COLLATE "C" NOT NULL REFERENCES conversations (id),
    ordinal      BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    body         BYTEA NOT NULL,
    UNIQUE (conversation, ordinal)
);

-- IDs of messages and staff actions that were committed.
CREATE TABLE seen (
    conversation TEXT COLLATE "C" NOT NULL REFERENCES conversations (id),
    id           TEXT COLLATE "C" NOT NULL CHECK (id <> ''),
    PRIMARY KEY (conversation, id)
);

-- The last state of each case, taken from the events.
CREATE TABLE cases (
    id           TEXT COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    conversation TEXT COLLATE "C" NOT NULL REFERENCES conversations (id),
    state        TEXT NOT NULL,
    is_open      BOOLEAN NOT NULL,
    priority     BOOLEAN NOT NULL,
    opened_at    BIGINT NOT NULL,
    body         BYTEA NOT NULL
);
