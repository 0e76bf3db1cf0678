-- The setup: several accounts, each linked to workspaces and configured for
-- channels. The table channels, with one account a channel, stays for a release
-- that still runs; nothing reads it any more.

-- No two accounts have the same alias; an older release did not look.
UPDATE accounts SET name = '' WHERE EXISTS (SELECT 1 FROM accounts o WHERE o.name = accounts.name AND o.id < accounts.id);
CREATE UNIQUE INDEX accounts_name ON accounts (name) WHERE name <> '';

CREATE TABLE account_workspaces (
    account   TEXT NOT NULL,
    workspace TEXT NOT NULL,
    PRIMARY KEY (account, workspace)
){{keyed}};
CREATE INDEX account_workspaces_workspace ON account_workspaces (workspace);

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
){{keyed}};
CREATE INDEX channel_configs_account ON channel_configs (account);
CREATE INDEX channel_configs_channel ON channel_configs (channel);

INSERT INTO channel_configs (workspace, channel, account, name, permissions, notify, notify_opened, notify_answered, notify_resolved, narrow)
SELECT workspace, channel, account, name, 'read create reply resolve chat', 'all', TRUE, TRUE, TRUE, '' FROM channels;
INSERT INTO account_workspaces (account, workspace) SELECT DISTINCT account, workspace FROM channels;

-- One row, to be locked by whoever changes the setup.
CREATE TABLE setup_lock (
    id TEXT NOT NULL PRIMARY KEY
){{keyed}};
INSERT INTO setup_lock (id) VALUES ('setup');

-- User groups of Slack, as far as we know.
CREATE TABLE user_groups (
    workspace TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    handle    TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    disabled  BOOLEAN NOT NULL,
    PRIMARY KEY (workspace, id)
){{keyed}};
CREATE TABLE group_members (
    workspace  TEXT NOT NULL,
    user_group TEXT NOT NULL,
    person     TEXT NOT NULL,
    PRIMARY KEY (workspace, user_group, person)
){{keyed}};
CREATE INDEX group_members_person ON group_members (person);

-- Who did what. Nothing here is ever updated or deleted.
CREATE TABLE audit (
    id         {{number}},
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
CREATE INDEX audit_case ON audit (case_id, id) WHERE case_id <> '';
CREATE INDEX audit_account ON audit (account, id);
CREATE INDEX audit_what ON audit (what, id);
CREATE INDEX audit_actor ON audit (actor, id) WHERE actor <> '';
