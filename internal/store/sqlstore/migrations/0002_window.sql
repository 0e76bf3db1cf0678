-- A page shows a window of a log: what changes its entries, and where chats
-- begin and end, is found without reading the rest.
CREATE INDEX correspondence_changes ON correspondence (case_id, refers) WHERE kind IN ('edit', 'deletion', 'reaction');
CREATE INDEX correspondence_chats ON correspondence (case_id, seq) WHERE kind IN ('chat', 'transcript');
