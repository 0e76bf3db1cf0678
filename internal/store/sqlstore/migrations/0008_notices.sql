-- Where a channel hears of a case: the message that begins the thread there.
CREATE TABLE case_threads (
    case_id TEXT NOT NULL REFERENCES cases (id),
    place   TEXT NOT NULL, -- the channel
    ts      TEXT NOT NULL, -- Slack's
    PRIMARY KEY (case_id, place)
){{keyed}};
