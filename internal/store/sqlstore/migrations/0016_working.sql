-- What agents keep for themselves and for each other while they work. Older
-- releases know of none.

-- How an agent wants things to be, on every device.
CREATE TABLE preferences (
    agent TEXT NOT NULL,
    name  TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (agent, name)
){{keyed}};

-- What an agent has typed and not sent, one for each case. It is nobody else's
-- business.
CREATE TABLE jottings (
    agent    TEXT   NOT NULL,
    case_id  TEXT   NOT NULL,
    kind     TEXT   NOT NULL, -- for whom it is: reply or note
    body     TEXT   NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (agent, case_id)
){{keyed}};

-- Replies that are written before they are needed: an agent's own, a team's, or
-- everybody's where neither is named.
CREATE TABLE canned (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    agent      TEXT   NOT NULL,
    team       TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    changed_at BIGINT NOT NULL,
    UNIQUE (agent, team, name)
){{keyed}};

-- The notes that name an agent, until the agent has opened their case.
CREATE TABLE mentions (
    agent   TEXT   NOT NULL,
    case_id TEXT   NOT NULL,
    seq     BIGINT NOT NULL,
    PRIMARY KEY (agent, case_id, seq)
){{keyed}};

-- The cases that an agent does not want to see until a time, or until the
-- customer has written after the entry with the number.
CREATE TABLE snoozes (
    agent   TEXT   NOT NULL,
    case_id TEXT   NOT NULL,
    until   BIGINT NOT NULL,
    seq     BIGINT NOT NULL,
    PRIMARY KEY (agent, case_id)
){{keyed}};

-- Searches that are kept under a name.
CREATE TABLE views (
    id     TEXT   NOT NULL PRIMARY KEY,
    agent  TEXT   NOT NULL, -- whose it is; empty for everybody's
    name   TEXT   NOT NULL,
    query  TEXT   NOT NULL,
    UNIQUE (agent, name)
){{keyed}};

-- Which pages of a case are open, and where somebody types. A row is true until
-- it expires.
CREATE TABLE looks (
    case_id      TEXT   NOT NULL,
    agent        TEXT   NOT NULL,
    page         TEXT   NOT NULL,
    expires_at   BIGINT NOT NULL,
    typing_until BIGINT NOT NULL,
    PRIMARY KEY (case_id, agent, page)
){{keyed}};
CREATE INDEX looks_expires ON looks (expires_at);

-- Earlier cases of a person, and of an account.
CREATE INDEX cases_of_person ON cases (requester, created_at);
CREATE INDEX cases_of_account ON cases (account, created_at);
