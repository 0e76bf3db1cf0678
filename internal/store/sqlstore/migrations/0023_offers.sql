-- What became of the offers of chats to agents. An offer that stands is with its
-- chat; older releases know only of those. No chat is offered to anybody twice
-- in the same moment.
CREATE TABLE offers (
    chat     TEXT   NOT NULL,
    case_id  TEXT   NOT NULL,
    agent    TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    ended    TEXT   NOT NULL, -- accepted, passed, lapsed or withdrawn
    PRIMARY KEY (chat, at, agent)
){{keyed}};
CREATE INDEX offers_case ON offers (case_id);
CREATE INDEX offers_at ON offers (at);
