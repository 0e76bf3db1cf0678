// Package mail tells the addresses in a case's CC of it by SMTP, beside the edge
// to Slack.
//
// A [Sender] makes a delivery of the outbox true: it reads what the entry says
// now, writes a letter of it, and hands that to the operator's mail server. A
// letter's Message-ID is made of the entry, so that the same letter sent twice is
// the same letter; all letters about a case answer its first one, which makes
// them a thread.
//
// What the server answers is the verdict: 4xx and all that goes wrong before the
// letter's end is Retry, 5xx is Refused. A connection that is lost after the
// letter's end and before the answer leaves it Unknown. A mailbox cannot be
// looked into, so Look has the letter sent once more, under the same Message-ID,
// and not a third time.
//
// [Links] are signed, and bound to case and address; [Pages] is where they lead.
// To open one changes nothing, because programs that look at mail follow links.
package mail
