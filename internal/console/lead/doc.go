// Package lead has the pages of those who lead: what is happening now, on the
// wall; what came of the work, in the reports, with their export; and whispering
// to the agents of a chat.
//
// Numbers come from the facts that casework/reckoning keeps, and are reckoned by
// desk/report. The wall is made anew whenever something changed, as the lists
// are.
package lead
