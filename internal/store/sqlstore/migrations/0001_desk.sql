-- The desk: cases and their log, the outbox, the inbox, people and set-up.
-- Times are UTC microseconds, 0 for none. Lists are JSON, '' for none.

CREATE TABLE accounts (
    id        TEXT NOT NULL PRIMARY KEY,
    name      TEXT NOT NULL,
    deletions TEXT NOT NULL
){{keyed}};

CREATE TABLE workspaces (
    id       TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    url      TEXT NOT NULL,
    app_id   TEXT NOT NULL,
    bot_id   TEXT NOT NULL,
    bot_user TEXT NOT NULL,
    state    TEXT NOT NULL, -- '' while we may speak there
    reason   TEXT NOT NULL
){{keyed}};

-- Custom emoji of a workspace, as its people see them.
CREATE TABLE emoji (
    workspace TEXT NOT NULL,
    name      TEXT NOT NULL,
    url       TEXT NOT NULL,
    PRIMARY KEY (workspace, name)
){{keyed}};

CREATE TABLE channels (
    workspace   TEXT NOT NULL,
    channel     TEXT NOT NULL,
    account     TEXT NOT NULL,
    name        TEXT NOT NULL,
    permissions TEXT NOT NULL, -- words, space between
    PRIMARY KEY (workspace, channel)
){{keyed}};

-- A case with its latest chat, so that one row is all an update locks and
-- reads. Chats before the latest are in earlier_chats.
CREATE TABLE cases (
    id                TEXT    NOT NULL PRIMARY KEY,
    number            TEXT    NOT NULL UNIQUE,
    account           TEXT    NOT NULL,
    workspace         TEXT    NOT NULL,
    requester         TEXT    NOT NULL,
    subject           TEXT    NOT NULL,
    severity          TEXT    NOT NULL,
    severity_rank     BIGINT  NOT NULL,
    status            TEXT    NOT NULL,
    asked             TEXT    NOT NULL,
    place             TEXT    NOT NULL,
    card              TEXT    NOT NULL,
    chat_name         TEXT    NOT NULL,
    members           TEXT    NOT NULL, -- JSON list
    created_at        BIGINT  NOT NULL,
    changed_at        BIGINT  NOT NULL,
    resolved_at       BIGINT  NOT NULL,
    last_seq          BIGINT  NOT NULL,
    last_at           BIGINT  NOT NULL,
    revision          BIGINT  NOT NULL,
    chat              TEXT    NOT NULL, -- '' while there was none
    chat_state        TEXT    NOT NULL,
    chat_requester    TEXT    NOT NULL,
    chat_agent        TEXT    NOT NULL,
    chat_agent_name   TEXT    NOT NULL,
    chat_requested_at BIGINT  NOT NULL,
    chat_joined_at    BIGINT  NOT NULL,
    chat_ended_at     BIGINT  NOT NULL,
    chat_reason       TEXT    NOT NULL,
    chat_ended_side   TEXT    NOT NULL,
    chat_ended_by     TEXT    NOT NULL,
    chat_ended_name   TEXT    NOT NULL,
    chat_messages     BIGINT  NOT NULL,
    chat_files        BIGINT  NOT NULL,
    chat_hinted       BOOLEAN NOT NULL,
    chat_last_word_at BIGINT  NOT NULL, -- of a customer
    chat_more         TEXT    NOT NULL, -- JSON object, '' for none
    place_kind        TEXT    NOT NULL,
    asked_thread      TEXT    NOT NULL,
    description       TEXT    NOT NULL
);
CREATE UNIQUE INDEX cases_place ON cases (place) WHERE place <> '';
CREATE INDEX cases_changed ON cases (changed_at);
CREATE INDEX cases_waiting ON cases (severity_rank, chat_requested_at) WHERE chat_state = 'requested';
CREATE INDEX cases_chatting ON cases (id) WHERE chat_state = 'in-progress';
CREATE INDEX cases_joined ON cases (chat_joined_at) WHERE chat_joined_at > 0;

CREATE TABLE earlier_chats (
    id           TEXT    NOT NULL PRIMARY KEY,
    case_id      TEXT    NOT NULL REFERENCES cases (id),
    state        TEXT    NOT NULL,
    requester    TEXT    NOT NULL,
    agent        TEXT    NOT NULL,
    agent_name   TEXT    NOT NULL,
    requested_at BIGINT  NOT NULL,
    joined_at    BIGINT  NOT NULL,
    ended_at     BIGINT  NOT NULL,
    reason       TEXT    NOT NULL,
    ended_side   TEXT    NOT NULL,
    ended_by     TEXT    NOT NULL,
    ended_name   TEXT    NOT NULL,
    messages     BIGINT  NOT NULL,
    files        BIGINT  NOT NULL,
    hinted       BOOLEAN NOT NULL,
    last_word_at BIGINT  NOT NULL,
    more         TEXT    NOT NULL
){{keyed}};
CREATE INDEX earlier_chats_case ON earlier_chats (case_id, requested_at);
CREATE INDEX earlier_chats_joined ON earlier_chats (joined_at) WHERE joined_at > 0;

-- Places where a case's chats were before it moved: what was written there in
-- their time still belongs to them.
CREATE TABLE earlier_places (
    place   TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id)
){{keyed}};
CREATE INDEX earlier_places_case ON earlier_places (case_id);

-- The log. Nothing here is ever updated or deleted.
CREATE TABLE correspondence (
    case_id     TEXT   NOT NULL REFERENCES cases (id),
    seq         BIGINT NOT NULL,
    chat        TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    what        TEXT   NOT NULL,
    side        TEXT   NOT NULL,
    author      TEXT   NOT NULL,
    author_name TEXT   NOT NULL,
    refers      BIGINT NOT NULL,
    file        TEXT   NOT NULL,
    via         TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    origin      TEXT   NOT NULL UNIQUE,
    text        TEXT   NOT NULL,
    PRIMARY KEY (case_id, seq)
){{keyed}};

CREATE TABLE files (
    id       TEXT   NOT NULL PRIMARY KEY,
    case_id  TEXT   NOT NULL REFERENCES cases (id),
    seq      BIGINT NOT NULL,
    slack_id TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    type     TEXT   NOT NULL,
    size     BIGINT NOT NULL,
    hash     TEXT   NOT NULL,
    state    TEXT   NOT NULL,
    reason   TEXT   NOT NULL
){{keyed}};
CREATE INDEX files_case ON files (case_id, seq);

-- The outbox. claim is the token of who is trying it now, '' for nobody.
CREATE TABLE deliveries (
    id            {{number}},
    lane          TEXT   NOT NULL,
    case_id       TEXT   REFERENCES cases (id), -- null for none
    kind          TEXT   NOT NULL,
    seq           BIGINT NOT NULL,
    place         TEXT   NOT NULL,
    content       TEXT   NOT NULL, -- JSON object
    state         TEXT   NOT NULL,
    part          BIGINT NOT NULL,
    attempts      BIGINT NOT NULL,
    not_before    BIGINT NOT NULL,
    tried_at      BIGINT NOT NULL,
    receipt       TEXT   NOT NULL,
    reason        TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    settled_at    BIGINT NOT NULL,
    claim         TEXT   NOT NULL,
    claimed_until BIGINT NOT NULL
);
CREATE INDEX deliveries_open ON deliveries (lane, id) WHERE state IN ('pending', 'unknown');
CREATE INDEX deliveries_entry ON deliveries (case_id, seq) WHERE seq > 0;

CREATE TABLE buckets (
    key     TEXT   NOT NULL PRIMARY KEY,
    instant BIGINT NOT NULL
){{keyed}};

-- The inbox.
CREATE TABLE events (
    id          {{number}},
    key         TEXT   NOT NULL UNIQUE,
    lane        TEXT   NOT NULL,
    received_at BIGINT NOT NULL,
    state       TEXT   NOT NULL,
    attempts    BIGINT NOT NULL,
    not_before  BIGINT NOT NULL,
    reason      TEXT   NOT NULL,
    body        {{bytes}} NOT NULL
);
CREATE INDEX events_pending ON events (lane, id) WHERE state = 'pending';
CREATE INDEX events_done ON events (received_at) WHERE state = 'done';
CREATE INDEX events_dead ON events (id) WHERE state = 'dead';

CREATE TABLE people (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    avatar     TEXT    NOT NULL,
    external   BOOLEAN NOT NULL,
    bot        BOOLEAN NOT NULL,
    fetched_at BIGINT  NOT NULL
){{keyed}};
CREATE INDEX people_stale ON people (fetched_at);

CREATE TABLE agents (
    id            TEXT    NOT NULL PRIMARY KEY,
    email         TEXT    NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    role          TEXT    NOT NULL,
    presence      TEXT    NOT NULL,
    disabled      BOOLEAN NOT NULL,
    created_at    BIGINT  NOT NULL,
    seen_at       BIGINT  NOT NULL -- when their console was last here
){{keyed}};

CREATE TABLE sessions (
    token   TEXT   NOT NULL PRIMARY KEY,
    data    {{bytes}} NOT NULL,
    expires BIGINT NOT NULL
){{keyed}};
CREATE INDEX sessions_expires ON sessions (expires);
