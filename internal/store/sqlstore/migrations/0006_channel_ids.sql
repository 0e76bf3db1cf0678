-- The other ids that Slack gave to channels. Places go on with the first.
CREATE TABLE channel_ids (
    workspace TEXT   NOT NULL,
    before    TEXT   NOT NULL,
    after     TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (workspace, before, after)
){{keyed}};
