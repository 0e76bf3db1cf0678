-- Tries of signing in that failed, so that all servers slow down guessing together.
-- A row is deleted when it is as if nothing had been tried. Nothing that was typed
-- is here: agents are named by their key.
CREATE TABLE tries (
    id       TEXT   NOT NULL PRIMARY KEY,
    clear_at BIGINT NOT NULL
){{keyed}};
CREATE INDEX tries_clear ON tries (clear_at);
