-- Bytes of files that were erased from the record, until they are removed.
CREATE TABLE discards (
    hash TEXT NOT NULL PRIMARY KEY
){{keyed}};

CREATE INDEX files_hash ON files (hash) WHERE hash <> '';
