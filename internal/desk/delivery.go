package desk

import (
	"fmt"
	"strings"
	"time"
)

// A DeliveryKind says what a delivery makes true.
type DeliveryKind string

// The kinds of deliveries.
const (
	DeliverPlace     DeliveryKind = "place"     // make the private channel, or begin a thread with the card; What is a PlaceKind, Receipt the Place
	DeliverInvite    DeliveryKind = "invite"    // add Users to the place
	DeliverTopic     DeliveryKind = "topic"     // set the channel's topic
	DeliverCard      DeliveryKind = "card"      // post or update the card; Receipt is its ts
	DeliverPin       DeliveryKind = "pin"       // pin the card
	DeliverLink      DeliveryKind = "link"      // tell the requesting channel where the chat is
	DeliverNotice    DeliveryKind = "notice"    // one line in a place
	DeliverReply     DeliveryKind = "reply"     // an agent's words; Seq is the entry
	DeliverEphemeral DeliveryKind = "ephemeral" // a line only User sees; may be lost
	DeliverFetch     DeliveryKind = "fetch"     // bring a file from Slack; File
	DeliverUpload    DeliveryKind = "upload"    // give Slack the bytes of a File; Receipt is Slack's id of it
	DeliverEdit      DeliveryKind = "edit"      // Seq is a KindEdit entry of an agent: their message gets its words
	DeliverRemove    DeliveryKind = "remove"    // Seq is a KindDeletion entry of an agent: their message goes
	DeliverOffer     DeliveryKind = "offer"     // ask User, privately, whether to share what was written while waiting
	DeliverCollect   DeliveryKind = "collect"   // record what was written while waiting, from Slack's history
	DeliverTally     DeliveryKind = "tally"     // compare Slack's history of an ended chat with the record
	DeliverCatchUp   DeliveryKind = "catch-up"  // record what a running chat lacks of Slack's history since Since
	DeliverNews      DeliveryKind = "news"      // tell a configured channel of the entries Seqs, in its thread of the case
	DeliverMail      DeliveryKind = "mail"      // tell the address To of the entry Seq by mail; Receipt is its Message-ID
	DeliverShare     DeliveryKind = "share"     // show an uploaded File in the place; Receipt ends in its message's ts
)

// ReadsHistory reports whether a delivery reads a place's history; twice does no harm.
func (k DeliveryKind) ReadsHistory() bool {
	return k == DeliverOffer || k == DeliverCollect || k == DeliverTally || k == DeliverCatchUp
}

// Content is what a delivery needs beyond the case and its entry. Which
// fields are set depends on the kind.
type Content struct {
	User  PersonID    `json:"user,omitempty"`
	Users []PersonID  `json:"users,omitempty"`
	Text  string      `json:"text,omitempty"` // our Markdown
	What  string      `json:"what,omitempty"` // a word for the renderer, e.g. a ChatEvent
	File  FileID      `json:"file,omitempty"`
	In    WorkspaceID `json:"in,omitempty"`    // DeliverFetch: whose Slack has the file; empty is the case's
	Files string      `json:"files,omitempty"` // the names of those that came with the entry
	Again bool        `json:"again,omitempty"` // DeliverFetch: asked for by an agent after it failed
	Chat  ChatID      `json:"chat,omitempty"`  // DeliverOffer, DeliverCollect, DeliverTally, DeliverCatchUp: of which chat
	Since time.Time   `json:"since,omitzero"`  // DeliverCatchUp
	Seqs  []int64     `json:"seqs,omitempty"`  // DeliverNews: of the entries, in order
	To    string      `json:"to,omitempty"`    // DeliverMail: an address of the case's CC
	First string      `json:"first,omitempty"` // DeliverUpload, DeliverShare: Slack's id from an upload that it never showed
}

// Comparing is the What of a DeliverCatchUp that looks whether an event was lost,
// though nothing says so. It reads from where the chat was last compared.
const Comparing = "comparing"

// Paced is why a delivery waits that Slack's limits do not let go yet.
const Paced = "paced"

// CardLeft is the What of a DeliverCard that tells on the card of a place, Text
// is its ts, that the case has left it.
const CardLeft = "left"

// NotSetUp is the What of a DeliverEphemeral, of no case, that tells whoever
// brought the app into a channel that support is not set up there.
const NotSetUp = "not-set-up"

// NoChannel is the What of a DeliverNotice that tells a thread why the chat did
// not get a channel; Text is Slack's error name.
const NoChannel = "no-channel"

// NotShown is why a DeliverShare is refused when Slack took the file and never
// showed it.
const NotShown = "not_shown"

// Offered is the receipt of a DeliverOffer that had something to ask.
const Offered = "offered"

// A DeliveryState says how far a delivery has come.
type DeliveryState string

// The states of a delivery. Pending and Unknown are open and hold their lane.
const (
	DeliveryPending DeliveryState = "pending"
	DeliveryUnknown DeliveryState = "unknown" // may have landed: look before sending again
	DeliverySent    DeliveryState = "sent"
	DeliveryRefused DeliveryState = "refused"
)

// A Delivery is something we must make true in Slack, in the order of its
// lane.
type Delivery struct {
	ID        DeliveryID
	Lane      Lane
	Case      CaseID
	Kind      DeliveryKind
	Seq       int64       // the entry it carries; 0 for none
	Place     Place       // where; empty means the case's place at the time of sending
	Workspace WorkspaceID // of the case, where that has no place yet; known of the head of a lane only
	Content   Content
	State     DeliveryState
	Part      int       // parts already sent, for words that take several messages
	Attempts  int       // tries so far, all parts together
	NotBefore time.Time // not tried before this
	TriedAt   time.Time // when the last try began; zero before the first
	Receipt   string    // what Slack gave: a place, or a ts for each part, space between
	Reason    string    // why it waits or was refused; Slack's error name or ours
	CreatedAt time.Time
	SettledAt time.Time
}

// Correlation is the id that our messages carry in Slack's metadata, by
// which a message that may have landed is found again. It names one part.
func (d Delivery) Correlation() string { return fmt.Sprintf("%d.%d", d.ID, d.Part) }

// A VerdictKind says what an attempt came to.
type VerdictKind int

// What an attempt can come to.
const (
	Unknown VerdictKind = iota // it may have landed; the zero Verdict promises nothing
	Sent
	Retry
	Refused
)

// String returns the kind's word.
func (k VerdictKind) String() string {
	switch k {
	case Sent:
		return "sent"
	case Retry:
		return "retry"
	case Refused:
		return "refused"
	case Unknown:
		return "unknown"
	}
	return "invalid"
}

// A Verdict is what an attempt came to.
type Verdict struct {
	Kind    VerdictKind
	At      time.Time // Retry: not before this. Unknown: do not look before this. Sent with More: the next part not before this
	Hold    string    // Retry: the pace bucket that must wait until At as a whole; empty for none
	Receipt string    // Sent: what Slack gave
	Name    string    // Sent: what Slack calls what was made; empty if that is not to be kept
	Root    string    // Sent: the ts of a thread's first message, when a thread was made a place or one of news was begun
	Shown   string    // Sent: the CardState that a card shows; empty if that is not known
	More    bool      // Sent: this part landed, further parts follow
	Again   bool      // Retry: the try may have landed all the same; Part counts such tries
	Down    bool      // Retry, Unknown: Slack gave no answer at all, so that others need not try either
	Shut    bool      // Retry, Unknown: we are not let in; nobody whom the same would have to let in need try before At
	Unasked bool      // Shut: that was known without asking Slack
	Reason  string    // Retry, Refused, Unknown: Slack's error name or ours
}

// Settle returns d after verdict v at now. The claim is the store's matter.
func (d Delivery) Settle(v Verdict, now time.Time) Delivery {
	d.Reason = v.Reason
	switch v.Kind {
	case Sent:
		d.Receipt = strings.TrimSpace(d.Receipt + " " + v.Receipt)
		d.State = DeliverySent
		if v.More {
			d.State, d.Part, d.NotBefore = DeliveryPending, d.Part+1, now
			if v.At.After(now) {
				d.NotBefore = v.At
			}
			return d
		}
		d.SettledAt = now
	case Refused:
		d.State, d.SettledAt = DeliveryRefused, now
	case Retry:
		d.State, d.NotBefore = DeliveryPending, v.At
		if v.Again {
			d.Part++
		}
	case Unknown:
		d.State, d.NotBefore = DeliveryUnknown, v.At
	}
	return d
}
