// Package send makes true in Slack what deliveries say. Its [Sender] is the
// outbox's.
//
// A Sender renders a delivery from what the case is now, calls Slack, and says
// in a verdict what that came to. The hard part is a call whose answer is
// lost. Where calling again does no harm (an update, a pin, an invitation) the
// verdict is Retry. A message that may have been posted is Unknown: it carries
// the delivery's correlation in its metadata, and Look finds it by that in
// Slack's history; only when it is not there, and the call can no longer be on
// its way, may it be posted again. A channel that may have been made is found
// by its name and its maker, a file that may be shown by Slack's id of it.
//
// An agent's file takes three calls. The first two, beginning the upload and
// sending the bytes, may be repeated at will: they are one delivery, whose
// receipt is Slack's id of the file. The third shows it, once, and Slack does so
// after answering: that delivery ends when the file is seen in the channel.
//
// Slack's history is read for four deliveries: to ask what of the words written
// while waiting is shared, to record those, to compare a chat's record with it,
// and to catch up after an outage. Each try reads one page, and the receipt
// keeps where the next one goes on, so that every call is paced and a restart
// loses none. Of a chat's channel the pages of the time that is wanted are read
// and two more, then every thread on them that was answered in that time:
// answers to messages older than those pages are known from events only.
//
// Invariants:
//
//   - A call posts at most one message, and a verdict other than Sent means
//     that none is known to be there.
//   - Nothing here is tried twice; waiting and order are the outbox's.
//   - The token goes to Slack only, and a file is believed only if it has the
//     size that Slack said and is no sign-in page.
//
// In the route of an agent's reply this is the last step before package api.
package send
