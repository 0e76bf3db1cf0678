-- How the addresses in cases' CC stand to the mail about them.
CREATE TABLE subscriptions (
    case_id TEXT   NOT NULL REFERENCES cases (id),
    address TEXT   NOT NULL,
    left_at BIGINT NOT NULL, -- when its reader unsubscribed; 0 for never
    state   TEXT   NOT NULL, -- of the latest mail, '' for none
    reason  TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (case_id, address)
){{keyed}};

-- Secrets that all nodes share.
CREATE TABLE keys (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
){{keyed}};
