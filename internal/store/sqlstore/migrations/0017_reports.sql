-- What reports are made of: one row for a case and one for a chat. They are
-- reckoned from the log, stay when it goes, and hold no words of anybody. All of
-- a row is in facts, in the order that sqlstore/reports says, because reports
-- read many rows, and each column takes time; what rows are found by stands
-- beside it. Rows lie in
-- the order in which they come, which is that of time. Older releases leave them alone; they are made up for later.
CREATE TABLE fact_cases (
    case_id     TEXT   NOT NULL PRIMARY KEY,
    opened_at   BIGINT NOT NULL,
    answered_at BIGINT NOT NULL, -- 0 for not yet, as for all times
    settled_at  BIGINT NOT NULL, -- when it was resolved for the first time
    resolved_at BIGINT NOT NULL, -- the last time, while it is
    facts       TEXT   NOT NULL,
    seq         BIGINT NOT NULL, -- of the log, how far they go
    revision    BIGINT NOT NULL  -- of the case, likewise
);
CREATE INDEX fact_cases_opened ON fact_cases (opened_at);
CREATE INDEX fact_cases_unanswered ON fact_cases (opened_at) WHERE answered_at = 0 AND resolved_at = 0;
CREATE INDEX fact_cases_settled ON fact_cases (settled_at) WHERE settled_at > 0;
CREATE INDEX fact_cases_resolved ON fact_cases (resolved_at) WHERE resolved_at > 0;

CREATE TABLE fact_chats (
    chat         TEXT   NOT NULL PRIMARY KEY,
    case_id      TEXT   NOT NULL,
    requested_at BIGINT NOT NULL,
    ended_at     BIGINT NOT NULL,
    facts        TEXT   NOT NULL, -- with those of its case, as they were then
    revision     BIGINT NOT NULL
);
CREATE INDEX fact_chats_case ON fact_chats (case_id);
CREATE INDEX fact_chats_requested ON fact_chats (requested_at);
CREATE INDEX fact_chats_ended ON fact_chats (ended_at) WHERE ended_at > 0;

-- What people said of a chat after it.
CREATE TABLE ratings (
    chat       TEXT   NOT NULL,
    person     TEXT   NOT NULL,
    case_id    TEXT   NOT NULL,
    score      BIGINT NOT NULL,
    remark     TEXT   NOT NULL,
    ended_at   BIGINT NOT NULL, -- of the chat
    given_at   BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (chat, person)
){{keyed}};
CREATE INDEX ratings_case ON ratings (case_id);
CREATE INDEX ratings_ended ON ratings (ended_at);
CREATE INDEX ratings_person ON ratings (person);
