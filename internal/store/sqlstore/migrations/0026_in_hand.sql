-- How many chats each agent has in hand, and when they joined the last, is asked
-- whenever a chat is to be offered: from the index alone, without a row of a case.
CREATE INDEX cases_in_hand ON cases (chat_agent, chat_joined_at) WHERE chat_state = 'in-progress';
