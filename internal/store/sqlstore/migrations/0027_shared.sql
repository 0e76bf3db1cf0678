-- Whom a running chat has besides its agent stands in its JSON. Which chats those are is
-- known by this index, so that an agent's chats are found without a look at all that run.
CREATE INDEX cases_shared ON cases (id) WHERE chat_state = 'in-progress' AND chat_more LIKE '%"others":[%';
