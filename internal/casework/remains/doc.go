// Package remains has what is left of people, agents and cases beside the log:
// what people said of chats, what agents keep for themselves and for each other,
// and what lets agents in. It gives that up when somebody is erased or a case has
// had its time. Its types go to packages forgetting and retention.
package remains
