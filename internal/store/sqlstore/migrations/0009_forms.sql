-- What a case is about, in codes of the catalogue, who hears of it besides, and
-- which case it follows. Older releases write none of it.
ALTER TABLE cases ADD COLUMN issue_type TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN service TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN cc TEXT NOT NULL DEFAULT ''; -- JSON list
ALTER TABLE cases ADD COLUMN related TEXT NOT NULL DEFAULT '';

-- What people have begun in forms and not sent.
CREATE TABLE drafts (
    id         TEXT   NOT NULL PRIMARY KEY,
    owner      TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    body       TEXT   NOT NULL, -- JSON
    expires_at BIGINT NOT NULL
){{keyed}};
CREATE INDEX drafts_expires ON drafts (expires_at);
CREATE INDEX drafts_owner ON drafts (owner, kind);
