-- The pictures that agents chose to stand beside their words.
CREATE TABLE portraits (
    agent TEXT    NOT NULL PRIMARY KEY,
    token TEXT    NOT NULL UNIQUE,
    png   {{bytes}} NOT NULL
){{keyed}};
