-- Who answers what: teams, and what each agent takes on. Where the console is
-- open, and to whom a chat was offered when. Older releases know of none. Which
-- chat is offered to whom stands with the chat.
CREATE TABLE teams (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL UNIQUE,
    services   TEXT   NOT NULL, -- this and the next two: JSON lists of codes, '' for all
    categories TEXT   NOT NULL,
    languages  TEXT   NOT NULL,
    hours      TEXT   NOT NULL, -- JSON, '' for always
    members    TEXT   NOT NULL  -- JSON list of agents
){{keyed}};

CREATE TABLE seats (
    agent      TEXT   NOT NULL PRIMARY KEY,
    services   TEXT   NOT NULL,
    categories TEXT   NOT NULL,
    languages  TEXT   NOT NULL,
    capacity   BIGINT NOT NULL -- chats at the same time; 0 for the usual
){{keyed}};

CREATE TABLE devices (
    agent   TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    phone   BOOLEAN NOT NULL,
    seen_at BIGINT  NOT NULL,
    PRIMARY KEY (agent, id)
){{keyed}};
CREATE INDEX devices_seen ON devices (seen_at);

CREATE TABLE offered (
    agent TEXT   NOT NULL PRIMARY KEY,
    at    BIGINT NOT NULL -- the last time
){{keyed}};
