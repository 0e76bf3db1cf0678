// Package stored says how things are kept in sqlstore's rows: cases with their
// chats, entries, files, deliveries, agents and people; times and lists. The
// cases that were kept last stand ready in memory.
package stored
