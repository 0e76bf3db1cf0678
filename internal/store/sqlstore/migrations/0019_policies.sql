-- What is kept for how long, and what was erased.

-- What accounts want kept. An account without a row keeps everything for ever.
CREATE TABLE policies (
    account  TEXT   NOT NULL PRIMARY KEY,
    cases    BIGINT NOT NULL, -- days after a case was resolved; 0 is for ever
    files    BIGINT NOT NULL, -- likewise; 0 is as long as the case
    max_file BIGINT NOT NULL, -- bytes
    takes    TEXT   NOT NULL, -- JSON list of kinds of files, '' for all
    refuses  TEXT   NOT NULL, -- likewise, '' for none
    hold     TEXT   NOT NULL  -- why nothing of the account is erased by time
){{keyed}};

-- Cases of which nothing is erased by time.
CREATE TABLE holds (
    case_id    TEXT   NOT NULL PRIMARY KEY REFERENCES cases (id),
    reason     TEXT   NOT NULL,
    side       TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    at         BIGINT NOT NULL
){{keyed}};

-- How far cases were erased by time: entries up to seq are.
CREATE TABLE expired (
    case_id TEXT   NOT NULL REFERENCES cases (id),
    kind    TEXT   NOT NULL, -- cases or files
    seq     BIGINT NOT NULL,
    PRIMARY KEY (case_id, kind)
){{keyed}};
CREATE INDEX cases_resolved ON cases (account, resolved_at, id) WHERE resolved_at > 0;

-- Who or what was erased, by whose order, and how much; never of what.
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
){{keyed}};
CREATE INDEX erasures_begun ON erasures (begun_at, id);
CREATE INDEX erasures_open ON erasures (id) WHERE ended_at = 0;
CREATE INDEX erasures_hash ON erasures (hash) WHERE hash <> '';

-- Files with all data of an account, for as long as they are kept.
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
){{keyed}};
CREATE INDEX exports_asked ON exports (asked_at, id);
CREATE INDEX cases_account ON cases (account, id);

-- The catalogue as it was saved in the console, each time anew.
CREATE TABLE catalogues (
    version    BIGINT NOT NULL PRIMARY KEY,
    at         BIGINT NOT NULL,
    side       TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    note       TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    former     TEXT   NOT NULL -- JSON object: last names of codes that are no more
){{keyed}};

-- The audit is looked through by time, too.
CREATE INDEX audit_at ON audit (at, id);
