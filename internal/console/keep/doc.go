// Package keep has the addresses of what agents keep beside the cases: canned
// replies, what they have typed and not sent, what completes what they type, who
// else looks at a case, views, what is done to several cases at once, and the
// palette of commands. The rules are in package personal, the use cases in
// casework/keeping.
package keep
