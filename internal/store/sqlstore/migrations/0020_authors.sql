-- Who in Slack wrote to which case, for their home. An index of the log told it
-- before, and cost a page of the log of writes for each message.
CREATE TABLE authors (
    person  TEXT NOT NULL,
    case_id TEXT NOT NULL,
    PRIMARY KEY (person, case_id)
){{keyed}};
INSERT INTO authors (person, case_id)
SELECT DISTINCT author, case_id FROM correspondence WHERE side = 'customer';
DROP INDEX correspondence_author;
