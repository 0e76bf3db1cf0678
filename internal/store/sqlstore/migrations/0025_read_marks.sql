-- How far agents have read the chats in their hands, on whatever device. Older
-- releases know of none: each browser keeps its own.
CREATE TABLE read_marks (
    agent   TEXT   NOT NULL,
    case_id TEXT   NOT NULL,
    seq     BIGINT NOT NULL,
    PRIMARY KEY (agent, case_id)
){{keyed}};
