-- Our app as Slack gave it out by OAuth. Both tokens are sealed. Older releases
-- know of none.
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
){{keyed}};

-- Installations that were begun: hashes of what comes back from Slack, and of the
-- browser that it is to come with.
CREATE TABLE install_states (
    hash       TEXT   NOT NULL PRIMARY KEY,
    browser    TEXT   NOT NULL,
    expires_at BIGINT NOT NULL,
    used       BIGINT NOT NULL
){{keyed}};
CREATE INDEX install_states_expires ON install_states (expires_at);
