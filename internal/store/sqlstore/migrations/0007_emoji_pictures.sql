-- The pictures of custom emoji that were shown: their bytes are kept like
-- those of files. url may name another emoji: alias:NAME.
ALTER TABLE emoji ADD COLUMN hash TEXT NOT NULL DEFAULT '';

ALTER TABLE emoji ADD COLUMN type TEXT NOT NULL DEFAULT '';
