-- The schema as all migrations make it on SQLite, for reading.
-- Written by: go test ./internal/store/sqlstore -run Schema -update

CREATE TABLE account_workspaces (
    account   TEXT NOT NULL,
    workspace TEXT NOT NULL,
    PRIMARY KEY (account, workspace)
) WITHOUT ROWID;

CREATE INDEX account_workspaces_workspace ON account_workspaces (workspace);

CREATE TABLE accounts (
    id        TEXT NOT NULL PRIMARY KEY,
    name      TEXT NOT NULL,
    deletions TEXT NOT NULL
, unasked BOOLEAN NOT NULL DEFAULT FALSE) WITHOUT ROWID;

CREATE UNIQUE INDEX accounts_name ON accounts (name) WHERE name <> '';

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
) WITHOUT ROWID;

CREATE TABLE audit (
    id         INTEGER PRIMARY KEY,
    at         BIGINT NOT NULL,
    side       TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    place      TEXT   NOT NULL,
    via        TEXT   NOT NULL,
    what       TEXT   NOT NULL,
    account    TEXT   NOT NULL,
    case_id    TEXT   NOT NULL, -- '' for none
    detail     TEXT   NOT NULL  -- JSON object, '' for none
);

CREATE INDEX audit_account ON audit (account, id);

CREATE INDEX audit_actor ON audit (actor, id) WHERE actor <> '';

CREATE INDEX audit_at ON audit (at, id);

CREATE INDEX audit_case ON audit (case_id, id) WHERE case_id <> '';

CREATE INDEX audit_what ON audit (what, id);

CREATE TABLE authors (
    person  TEXT NOT NULL,
    case_id TEXT NOT NULL,
    PRIMARY KEY (person, case_id)
) WITHOUT ROWID;

CREATE TABLE buckets (
    key     TEXT   NOT NULL PRIMARY KEY,
    instant BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE canned (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    agent      TEXT   NOT NULL,
    team       TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    changed_at BIGINT NOT NULL,
    UNIQUE (agent, team, name)
) WITHOUT ROWID;

CREATE TABLE case_threads (
    case_id TEXT NOT NULL REFERENCES cases (id),
    place   TEXT NOT NULL, -- the channel
    ts      TEXT NOT NULL, -- Slack's
    PRIMARY KEY (case_id, place)
) WITHOUT ROWID;

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
, issue_type TEXT NOT NULL DEFAULT '', service TEXT NOT NULL DEFAULT '', category TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT '', cc TEXT NOT NULL DEFAULT '', related TEXT NOT NULL DEFAULT '');

CREATE INDEX cases_account ON cases (account, id);

CREATE INDEX cases_changed ON cases (changed_at);

CREATE INDEX cases_chatting ON cases (id) WHERE chat_state = 'in-progress';

CREATE INDEX cases_in_hand ON cases (chat_agent, chat_joined_at) WHERE chat_state = 'in-progress';

CREATE INDEX cases_joined ON cases (chat_joined_at) WHERE chat_joined_at > 0;

CREATE INDEX cases_of_account ON cases (account, created_at);

CREATE INDEX cases_of_person ON cases (requester, created_at);

CREATE UNIQUE INDEX cases_place ON cases (place) WHERE place <> '';

CREATE INDEX cases_related ON cases (related) WHERE related <> '';

CREATE INDEX cases_requester ON cases (requester) WHERE status <> 'resolved';

CREATE INDEX cases_resolved ON cases (account, resolved_at, id) WHERE resolved_at > 0;

CREATE INDEX cases_shared ON cases (id) WHERE chat_state = 'in-progress' AND chat_more LIKE '%"others":[%';

CREATE INDEX cases_waiting ON cases (severity_rank, chat_requested_at) WHERE chat_state = 'requested';

CREATE TABLE catalogues (
    version    BIGINT NOT NULL PRIMARY KEY,
    at         BIGINT NOT NULL,
    side       TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    note       TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    former     TEXT   NOT NULL -- JSON object: last names of codes that are no more
) WITHOUT ROWID;

CREATE TABLE channel_configs (
    workspace       TEXT    NOT NULL,
    channel         TEXT    NOT NULL,
    account         TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    permissions     TEXT    NOT NULL, -- words, space between
    notify          TEXT    NOT NULL, -- all, high or none
    notify_opened   BOOLEAN NOT NULL,
    notify_answered BOOLEAN NOT NULL,
    notify_resolved BOOLEAN NOT NULL,
    narrow          TEXT    NOT NULL, -- JSON list, '' for none
    PRIMARY KEY (workspace, channel, account)
) WITHOUT ROWID;

CREATE INDEX channel_configs_account ON channel_configs (account);

CREATE INDEX channel_configs_channel ON channel_configs (channel);

CREATE TABLE channel_ids (
    workspace TEXT   NOT NULL,
    before    TEXT   NOT NULL,
    after     TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (workspace, before, after)
) WITHOUT ROWID;

CREATE TABLE channels (
    workspace   TEXT NOT NULL,
    channel     TEXT NOT NULL,
    account     TEXT NOT NULL,
    name        TEXT NOT NULL,
    permissions TEXT NOT NULL, -- words, space between
    PRIMARY KEY (workspace, channel)
) WITHOUT ROWID;

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
) WITHOUT ROWID;

CREATE INDEX correspondence_changes ON correspondence (case_id, refers) WHERE kind IN ('edit', 'deletion', 'reaction');

CREATE INDEX correspondence_chats ON correspondence (case_id, seq) WHERE kind IN ('chat', 'transcript');

CREATE TABLE deliveries (
    id            INTEGER PRIMARY KEY,
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

CREATE INDEX deliveries_entry ON deliveries (case_id, seq) WHERE seq > 0;

CREATE INDEX deliveries_open ON deliveries (lane, id) WHERE state IN ('pending', 'unknown');

CREATE TABLE devices (
    agent   TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    phone   BOOLEAN NOT NULL,
    seen_at BIGINT  NOT NULL, looked_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (agent, id)
) WITHOUT ROWID;

CREATE INDEX devices_seen ON devices (seen_at);

CREATE TABLE discards (
    hash TEXT NOT NULL PRIMARY KEY
) WITHOUT ROWID;

CREATE TABLE drafts (
    id         TEXT   NOT NULL PRIMARY KEY,
    owner      TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    body       TEXT   NOT NULL, -- JSON
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX drafts_expires ON drafts (expires_at);

CREATE INDEX drafts_owner ON drafts (owner, kind);

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
) WITHOUT ROWID;

CREATE INDEX earlier_chats_case ON earlier_chats (case_id, requested_at);

CREATE INDEX earlier_chats_joined ON earlier_chats (joined_at) WHERE joined_at > 0;

CREATE TABLE earlier_places (
    place   TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id)
) WITHOUT ROWID;

CREATE INDEX earlier_places_case ON earlier_places (case_id);

CREATE TABLE emoji (
    workspace TEXT NOT NULL,
    name      TEXT NOT NULL,
    url       TEXT NOT NULL, hash TEXT NOT NULL DEFAULT '', type TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (workspace, name)
) WITHOUT ROWID;

CREATE TABLE erasures (
    id         TEXT   NOT NULL PRIMARY KEY,
    cause      TEXT   NOT NULL,
    account    TEXT   NOT NULL,
    policy     TEXT   NOT NULL,
    hash       TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    side       TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    begun_at   BIGINT NOT NULL,
    ended_at   BIGINT NOT NULL, -- 0 while it goes on
    counts     TEXT   NOT NULL, -- JSON object
    subject    TEXT   NOT NULL, -- whom it is about, '' when it is done
    called     TEXT   NOT NULL, -- likewise
    step       BIGINT NOT NULL,
    holder     TEXT   NOT NULL,
    position   TEXT   NOT NULL
) WITHOUT ROWID;

CREATE INDEX erasures_begun ON erasures (begun_at, id);

CREATE INDEX erasures_hash ON erasures (hash) WHERE hash <> '';

CREATE INDEX erasures_open ON erasures (id) WHERE ended_at = 0;

CREATE TABLE events (
    id          INTEGER PRIMARY KEY,
    key         TEXT   NOT NULL UNIQUE,
    lane        TEXT   NOT NULL,
    received_at BIGINT NOT NULL,
    state       TEXT   NOT NULL,
    attempts    BIGINT NOT NULL,
    not_before  BIGINT NOT NULL,
    reason      TEXT   NOT NULL,
    body        BLOB NOT NULL
);

CREATE INDEX events_dead ON events (id) WHERE state = 'dead';

CREATE INDEX events_done ON events (received_at) WHERE state = 'done';

CREATE INDEX events_pending ON events (lane, id) WHERE state = 'pending';

CREATE TABLE expired (
    case_id TEXT   NOT NULL REFERENCES cases (id),
    kind    TEXT   NOT NULL, -- cases or files
    seq     BIGINT NOT NULL,
    PRIMARY KEY (case_id, kind)
) WITHOUT ROWID;

CREATE TABLE exports (
    id         TEXT   NOT NULL PRIMARY KEY,
    account    TEXT   NOT NULL,
    side       TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    asked_at   BIGINT NOT NULL,
    state      TEXT   NOT NULL,
    claim      TEXT   NOT NULL,
    hash       TEXT   NOT NULL,
    size       BIGINT NOT NULL,
    cases      BIGINT NOT NULL,
    until      BIGINT NOT NULL,
    reason     TEXT   NOT NULL
) WITHOUT ROWID;

CREATE INDEX exports_asked ON exports (asked_at, id);

CREATE TABLE fact_cases (
    case_id     TEXT   NOT NULL PRIMARY KEY,
    opened_at   BIGINT NOT NULL,
    answered_at BIGINT NOT NULL, -- 0 for not yet, as for all times
    settled_at  BIGINT NOT NULL, -- when it was resolved for the first time
    resolved_at BIGINT NOT NULL, -- the last time, while it is
    facts       TEXT   NOT NULL,
    seq         BIGINT NOT NULL, -- of the log, how far they go
    revision    BIGINT NOT NULL  -- of the case, likewise
);

CREATE INDEX fact_cases_opened ON fact_cases (opened_at);

CREATE INDEX fact_cases_resolved ON fact_cases (resolved_at) WHERE resolved_at > 0;

CREATE INDEX fact_cases_settled ON fact_cases (settled_at) WHERE settled_at > 0;

CREATE INDEX fact_cases_unanswered ON fact_cases (opened_at) WHERE answered_at = 0 AND resolved_at = 0;

CREATE TABLE fact_chats (
    chat         TEXT   NOT NULL PRIMARY KEY,
    case_id      TEXT   NOT NULL,
    requested_at BIGINT NOT NULL,
    ended_at     BIGINT NOT NULL,
    facts        TEXT   NOT NULL, -- with those of its case, as they were then
    revision     BIGINT NOT NULL
);

CREATE INDEX fact_chats_case ON fact_chats (case_id);

CREATE INDEX fact_chats_ended ON fact_chats (ended_at) WHERE ended_at > 0;

CREATE INDEX fact_chats_requested ON fact_chats (requested_at);

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
) WITHOUT ROWID;

CREATE INDEX files_case ON files (case_id, seq);

CREATE INDEX files_hash ON files (hash) WHERE hash <> '';

CREATE TABLE group_members (
    workspace  TEXT NOT NULL,
    user_group TEXT NOT NULL,
    person     TEXT NOT NULL,
    PRIMARY KEY (workspace, user_group, person)
) WITHOUT ROWID;

CREATE INDEX group_members_person ON group_members (person);

CREATE TABLE holds (
    case_id    TEXT   NOT NULL PRIMARY KEY REFERENCES cases (id),
    reason     TEXT   NOT NULL,
    side       TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    at         BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE homes (
    person    TEXT   NOT NULL PRIMARY KEY,
    page      BIGINT NOT NULL,
    opened_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX homes_opened ON homes (opened_at);

CREATE TABLE identities (
    issuer  TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    agent   TEXT   NOT NULL,
    since   BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
) WITHOUT ROWID;

CREATE TABLE install_states (
    hash       TEXT   NOT NULL PRIMARY KEY,
    browser    TEXT   NOT NULL,
    expires_at BIGINT NOT NULL,
    used       BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX install_states_expires ON install_states (expires_at);

CREATE TABLE installations (
    id           TEXT   NOT NULL PRIMARY KEY,
    enterprise   TEXT   NOT NULL,
    workspace    TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    app_id       TEXT   NOT NULL,
    bot_user     TEXT   NOT NULL,
    scopes       TEXT   NOT NULL, -- JSON list
    reaches      TEXT   NOT NULL, -- JSON list
    token        TEXT   NOT NULL,
    refresh      TEXT   NOT NULL,
    expires_at   BIGINT NOT NULL, -- of the token; 0 for never
    installed_by TEXT   NOT NULL,
    installed_at BIGINT NOT NULL,
    gone         TEXT   NOT NULL,
    version      BIGINT NOT NULL,
    refresh_by   BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE invitations (
    id         TEXT   NOT NULL PRIMARY KEY,
    hash       TEXT   NOT NULL UNIQUE,
    email      TEXT   NOT NULL,
    role       TEXT   NOT NULL,
    agent      TEXT   NOT NULL, -- empty for somebody new
    invited_by TEXT   NOT NULL,
    invited_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
, inviter TEXT NOT NULL DEFAULT '', mailed TEXT NOT NULL DEFAULT '') WITHOUT ROWID;

CREATE TABLE jottings (
    agent    TEXT   NOT NULL,
    case_id  TEXT   NOT NULL,
    kind     TEXT   NOT NULL, -- for whom it is: reply or note
    body     TEXT   NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (agent, case_id)
) WITHOUT ROWID;

CREATE TABLE keys (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE looks (
    case_id      TEXT   NOT NULL,
    agent        TEXT   NOT NULL,
    page         TEXT   NOT NULL,
    expires_at   BIGINT NOT NULL,
    typing_until BIGINT NOT NULL,
    PRIMARY KEY (case_id, agent, page)
) WITHOUT ROWID;

CREATE INDEX looks_expires ON looks (expires_at);

CREATE TABLE mentions (
    agent   TEXT   NOT NULL,
    case_id TEXT   NOT NULL,
    seq     BIGINT NOT NULL,
    PRIMARY KEY (agent, case_id, seq)
) WITHOUT ROWID;

CREATE TABLE migrations (
    number     BIGINT NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    applied_at BIGINT NOT NULL
);

CREATE TABLE offered (
    agent TEXT   NOT NULL PRIMARY KEY,
    at    BIGINT NOT NULL -- the last time
) WITHOUT ROWID;

CREATE TABLE offers (
    chat     TEXT   NOT NULL,
    case_id  TEXT   NOT NULL,
    agent    TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    ended    TEXT   NOT NULL, -- accepted, passed, lapsed or withdrawn
    PRIMARY KEY (chat, at, agent)
) WITHOUT ROWID;

CREATE INDEX offers_at ON offers (at);

CREATE INDEX offers_case ON offers (case_id);

CREATE TABLE people (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    avatar     TEXT    NOT NULL,
    external   BOOLEAN NOT NULL,
    bot        BOOLEAN NOT NULL,
    fetched_at BIGINT  NOT NULL
) WITHOUT ROWID;

CREATE INDEX people_stale ON people (fetched_at);

CREATE TABLE policies (
    account  TEXT   NOT NULL PRIMARY KEY,
    cases    BIGINT NOT NULL, -- days after a case was resolved; 0 is for ever
    files    BIGINT NOT NULL, -- likewise; 0 is as long as the case
    max_file BIGINT NOT NULL, -- bytes
    takes    TEXT   NOT NULL, -- JSON list of kinds of files, '' for all
    refuses  TEXT   NOT NULL, -- likewise, '' for none
    hold     TEXT   NOT NULL  -- why nothing of the account is erased by time
) WITHOUT ROWID;

CREATE TABLE portraits (
    agent TEXT    NOT NULL PRIMARY KEY,
    token TEXT    NOT NULL UNIQUE,
    png   BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE preferences (
    agent TEXT NOT NULL,
    name  TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (agent, name)
) WITHOUT ROWID;

CREATE TABLE ratings (
    chat       TEXT   NOT NULL,
    person     TEXT   NOT NULL,
    case_id    TEXT   NOT NULL,
    score      BIGINT NOT NULL,
    remark     TEXT   NOT NULL,
    ended_at   BIGINT NOT NULL, -- of the chat
    given_at   BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (chat, person)
) WITHOUT ROWID;

CREATE INDEX ratings_case ON ratings (case_id);

CREATE INDEX ratings_ended ON ratings (ended_at);

CREATE INDEX ratings_person ON ratings (person);

CREATE TABLE read_marks (
    agent   TEXT   NOT NULL,
    case_id TEXT   NOT NULL,
    seq     BIGINT NOT NULL,
    PRIMARY KEY (agent, case_id)
) WITHOUT ROWID;

CREATE TABLE search_backlog (
    ordinal BIGINT NOT NULL,
    seq     BIGINT NOT NULL
);

CREATE TABLE search_cases (
    ordinal    INTEGER PRIMARY KEY,
    case_id    TEXT   NOT NULL UNIQUE REFERENCES cases (id),
    account    TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX search_cases_account ON search_cases (account, ordinal);

CREATE INDEX search_cases_created ON search_cases (created_at);

CREATE TABLE search_scour (
    step BIGINT NOT NULL
);

CREATE VIRTUAL TABLE search_words USING fts5
    (words, inside, account, content='', contentless_delete=1, prefix='3 4', tokenize='ascii');

CREATE TABLE 'search_words_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'search_words_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'search_words_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);

CREATE TABLE 'search_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE seats (
    agent      TEXT   NOT NULL PRIMARY KEY,
    services   TEXT   NOT NULL,
    categories TEXT   NOT NULL,
    languages  TEXT   NOT NULL,
    capacity   BIGINT NOT NULL -- chats at the same time; 0 for the usual
) WITHOUT ROWID;

CREATE TABLE second_factors (
    agent    TEXT   NOT NULL PRIMARY KEY,
    secret   TEXT   NOT NULL, -- sealed
    since    BIGINT NOT NULL,
    step     BIGINT NOT NULL,
    spare    TEXT   NOT NULL -- JSON list of hashes
) WITHOUT ROWID;

CREATE TABLE sessions (
    token   TEXT   NOT NULL PRIMARY KEY,
    data    BLOB NOT NULL,
    expires BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE setup_lock (
    id TEXT NOT NULL PRIMARY KEY
) WITHOUT ROWID;

CREATE TABLE sign_ins (
    id         TEXT   NOT NULL PRIMARY KEY,
    agent      TEXT   NOT NULL,
    began_at   BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address    TEXT   NOT NULL,
    browser    TEXT   NOT NULL,
    device     TEXT   NOT NULL,
    way        TEXT   NOT NULL
) WITHOUT ROWID;

CREATE INDEX sign_ins_agent ON sign_ins (agent);

CREATE INDEX sign_ins_expires ON sign_ins (expires_at);

CREATE TABLE snoozes (
    agent   TEXT   NOT NULL,
    case_id TEXT   NOT NULL,
    until   BIGINT NOT NULL,
    seq     BIGINT NOT NULL,
    PRIMARY KEY (agent, case_id)
) WITHOUT ROWID;

CREATE TABLE subscriptions (
    case_id TEXT   NOT NULL REFERENCES cases (id),
    address TEXT   NOT NULL,
    left_at BIGINT NOT NULL, -- when its reader unsubscribed; 0 for never
    state   TEXT   NOT NULL, -- of the latest mail, '' for none
    reason  TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (case_id, address)
) WITHOUT ROWID;

CREATE TABLE teams (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL UNIQUE,
    services   TEXT   NOT NULL, -- this and the next two: JSON lists of codes, '' for all
    categories TEXT   NOT NULL,
    languages  TEXT   NOT NULL,
    hours      TEXT   NOT NULL, -- JSON, '' for always
    members    TEXT   NOT NULL  -- JSON list of agents
) WITHOUT ROWID;

CREATE TABLE tries (
    id       TEXT   NOT NULL PRIMARY KEY,
    clear_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX tries_clear ON tries (clear_at);

CREATE TABLE user_groups (
    workspace TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    handle    TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    disabled  BOOLEAN NOT NULL,
    PRIMARY KEY (workspace, id)
) WITHOUT ROWID;

CREATE TABLE views (
    id     TEXT   NOT NULL PRIMARY KEY,
    agent  TEXT   NOT NULL, -- whose it is; empty for everybody's
    name   TEXT   NOT NULL,
    query  TEXT   NOT NULL,
    UNIQUE (agent, name)
) WITHOUT ROWID;

CREATE TABLE workspaces (
    id       TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    url      TEXT NOT NULL,
    app_id   TEXT NOT NULL,
    bot_id   TEXT NOT NULL,
    bot_user TEXT NOT NULL,
    state    TEXT NOT NULL, -- '' while we may speak there
    reason   TEXT NOT NULL
) WITHOUT ROWID;
