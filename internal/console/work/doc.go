// Package work is the work at hand as every page of the console shows it: who
// waits, which chats the reader is in and who else is, how a chat came to them,
// what changed lately, and what is the matter on the way to Slack.
package work
