-- What cases are found by.

-- Cases in the order in which they were opened. Documents in the index of words
-- are numbered by it: ordinal * 2^20 + the entry's seq, 0 for the case itself.
CREATE TABLE search_cases (
    ordinal    {{number}},
    case_id    TEXT   NOT NULL UNIQUE REFERENCES cases (id),
    account    TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX search_cases_account ON search_cases (account, ordinal);
CREATE INDEX search_cases_created ON search_cases (created_at);

{{word_index}};

INSERT INTO search_cases (case_id, account, created_at) SELECT id, account, created_at FROM cases ORDER BY created_at, id;

-- What is still to be read into the index of words: the cases up to ordinal,
-- and of that one the entries after seq. No row when all is in it.
CREATE TABLE search_backlog (
    ordinal BIGINT NOT NULL,
    seq     BIGINT NOT NULL
);
INSERT INTO search_backlog (ordinal, seq) SELECT max(ordinal), 0 FROM search_cases HAVING count(*) > 0;
