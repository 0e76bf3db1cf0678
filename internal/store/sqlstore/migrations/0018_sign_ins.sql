-- How agents come in, and from where they are signed in.
-- Sessions that an older release begins have no sign-in here, and are not taken:
-- whoever came in that way signs in once more.
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
){{keyed}};
CREATE INDEX sign_ins_agent ON sign_ins (agent);
CREATE INDEX sign_ins_expires ON sign_ins (expires_at);

CREATE TABLE invitations (
    id         TEXT   NOT NULL PRIMARY KEY,
    hash       TEXT   NOT NULL UNIQUE,
    email      TEXT   NOT NULL,
    role       TEXT   NOT NULL,
    agent      TEXT   NOT NULL, -- empty for somebody new
    invited_by TEXT   NOT NULL,
    invited_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
){{keyed}};

CREATE TABLE second_factors (
    agent    TEXT   NOT NULL PRIMARY KEY,
    secret   TEXT   NOT NULL, -- sealed
    since    BIGINT NOT NULL,
    step     BIGINT NOT NULL,
    spare    TEXT   NOT NULL -- JSON list of hashes
){{keyed}};

-- Who agents are to a server that signs them in.
CREATE TABLE identities (
    issuer  TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    agent   TEXT   NOT NULL,
    since   BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
){{keyed}};
