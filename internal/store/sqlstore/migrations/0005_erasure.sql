-- Bytes of files that were erased from the record, until they are removed.
CREATE TABLE discards (
    hash TEXT NOT NULL PRIMARY KEY
){{keyed}};

CREATE INDEX files_hash ON files (hash) WHERE hash <> '';

-- How far the index of words has come with leaving out for good what was erased:
-- 0 when it is asked for, 1 when it is to begin, 2 when it is under way, -1 when
-- there is nothing to do.
CREATE TABLE search_scour (
    step BIGINT NOT NULL
);
INSERT INTO search_scour (step) VALUES (-1);
