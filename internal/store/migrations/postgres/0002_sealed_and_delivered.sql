-- Keys, what goes to remote APIs, leases, adapters' notes, attachments.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE person_keys (
    conversation TEXT COLLATE "C" PRIMARY KEY,
    key          BYTEA NOT NULL
);

CREATE INDEX conversations_by_change ON conversations (changed_at);
CREATE INDEX cases_by_urgency ON cases (is_open, priority DESC, opened_at, id);
CREATE INDEX cases_by_conversation ON cases (conversation);

CREATE TABLE outbox (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         TEXT NOT NULL,
    name         TEXT NOT NULL,
    dest_key     TEXT NOT NULL,
    conversation TEXT COLLATE "C" NOT NULL REFERENCES conversations (id),
    event        TEXT NOT NULL,
    first_seq    BIGINT NOT NULL,
    last_seq     BIGINT NOT NULL,
    state        TEXT NOT NULL,
    attempts     BIGINT NOT NULL,
    unknowns     BIGINT NOT NULL,
    receipts     TEXT NOT NULL,
    error        TEXT NOT NULL,
    due          BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    holder       TEXT NOT NULL
);
CREATE INDEX outbox_queues ON outbox (kind, name, dest_key, id) WHERE state IN ('waiting', 'unknown');
CREATE INDEX outbox_states ON outbox (state, id) WHERE state <> 'sent';
CREATE INDEX outbox_by_conversation ON outbox (conversation);

CREATE TABLE leases (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until  BIGINT NOT NULL
);

CREATE TABLE notes (
    owner TEXT COLLATE "C" NOT NULL,
    name  TEXT COLLATE "C" NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (owner, name)
);

CREATE TABLE files (
    id           TEXT COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    conversation TEXT COLLATE "C" NOT NULL REFERENCES conversations (id),
    at           BIGINT NOT NULL,
    expires      BIGINT NOT NULL,
    by_staff     BOOLEAN NOT NULL,
    size         BIGINT NOT NULL,
    description  BYTEA NOT NULL,
    content      BYTEA NOT NULL
);
CREATE INDEX files_by_conversation ON files (conversation, at);
CREATE INDEX files_by_expiry ON files (expires);
