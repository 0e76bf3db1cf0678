package report

// A Measure is a number that reports have, with what it means.
type Measure struct {
	Key   string
	Name  string
	Words string // whole sentences
	Fewer bool   // less of it is better
	Share bool   // it is a part of a hundred
	Table bool   // tables alone have it
}

// Measures are all of them, in the order in which tables have them. Answer
// reckons them as the words say.
func Measures() []Measure {
	return []Measure{
		{Key: "opened", Name: "Cases opened", Words: "Cases that were opened in the period, in whichever way."},
		{Key: "resolved", Name: "Cases resolved", Words: "Cases that were resolved in the period and are resolved still. One that was resolved several times counts once, the last time."},
		{Key: "first", Name: "First response", Words: "From the opening of a case to the first words or file of an agent that the customer sees, in a chat or outside it. Only cases that were opened in the period and have been answered. Joining a chat is no answer, and neither is a note.", Fewer: true},
		{Key: "intime", Share: true, Name: "Answered in time", Words: "Of the cases that were opened in the period, the share whose first response came within the target of their severity as it is now. A case that waits and still has time does not count yet."},
		{Key: "resolution", Name: "Time to resolution", Words: "From the opening of a case to its latest resolution. Only cases that were resolved in the period.", Fewer: true},
		{Key: "reopened", Share: true, Name: "Reopened", Words: "Of the cases that were resolved for the first time in the period, the share that was reopened since.", Fewer: true},
		{Key: "chats", Name: "Chats asked for", Words: "Live chats that were asked for in the period, also those that nobody joined."},
		{Key: "wait", Name: "Wait for an agent", Words: "From asking for a chat to the joining of an agent. Only chats that were asked for in the period and were joined.", Fewer: true},
		{Key: "lost", Name: "Gave up", Words: "Of the chats that were asked for in the period, those that ended before any agent joined.", Fewer: true},
		{Key: "handling", Name: "Handling time", Words: "How long a chat was in agents' hands. The time that it was back in the queue does not count. Only chats that ended in the period.", Fewer: true},
		{Key: "offers", Table: true, Name: "Offers", Words: "Offers of chats that were made to agents in the period and have ended. Some end in no way of their own: a colleague took the chat by hand, or it ended."},
		{Key: "accepted", Table: true, Name: "Accepted", Words: "Of the offers, those after which the agent joined the chat."},
		{Key: "passed", Table: true, Name: "Passed", Words: "Of the offers, those that the agent passed on to the next.", Fewer: true},
		{Key: "lapsed", Table: true, Name: "Lapsed", Words: "Of the offers, those that the agent did not answer in time, or at which they were gone.", Fewer: true},
		{Key: "accepting", Table: true, Name: "Time to accept", Words: "From an offer to its acceptance. Only offers that were accepted.", Fewer: true},
		{Key: "score", Name: "Satisfaction", Words: "The mean of what people said of chats that ended in the period, from 1 for very bad to 5 for very good. Content are those who said 4 or 5."},
	}
}
