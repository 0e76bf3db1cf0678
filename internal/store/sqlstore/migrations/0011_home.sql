-- Who looks at the app's home tab in Slack, at which page of their cases. Older
-- releases know of none.
CREATE TABLE homes (
    person    TEXT   NOT NULL PRIMARY KEY,
    page      BIGINT NOT NULL,
    opened_at BIGINT NOT NULL
){{keyed}};
CREATE INDEX homes_opened ON homes (opened_at);

-- The cases that somebody opened, and those to which they wrote.
CREATE INDEX cases_requester ON cases (requester) WHERE status <> 'resolved';
CREATE INDEX correspondence_author ON correspondence (author, case_id) WHERE side = 'customer';
