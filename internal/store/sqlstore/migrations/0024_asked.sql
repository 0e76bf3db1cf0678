-- Who is asked, and who is not. When somebody was at a browser of an agent last:
-- whoever is there is offered chats before others. Older releases leave it as it
-- is, and then it is soon long ago.
ALTER TABLE devices ADD COLUMN looked_at BIGINT NOT NULL DEFAULT 0;
-- Accounts whose people are not asked how a chat was. Older releases ask.
ALTER TABLE accounts ADD COLUMN unasked BOOLEAN NOT NULL DEFAULT FALSE;
