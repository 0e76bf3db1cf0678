package work

import (
	"context"
	"errors"
	"fmt"
	"time"

	"caseline/internal/console/drawn"
	"caseline/internal/console/record"
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
)

// A Row is a case in a list.
type Row struct {
	*desk.Case   // others may be reading it
	AccountTitle string
	Level        desk.Level    // of its severity
	By           record.Author // the requester
	Said         string        // its latest words, where Says has read them
	Topic        desk.Topic    // of one that waits: its service and language
	Mine         bool          // a running chat that the reader has joined
	With         string        // which other agents are in it
	Inside       bool          // its latest words are an agent's, or its latest entry no words; where Says has read them
	Until        time.Time     // the reader has put it away until then; zero: they have not
	Why          string        // whose it is while it waits, or why it has no agent; where Explain has said so
	Handed       string        // how it came to the reader, if that is the latest there is to say
	t            tongue.Tongue // the reader's
}

// Preview is the beginning of what was said last, or of the description. Most
// lists show neither, and reading Markdown takes longer than the rest of a row.
func (r Row) Preview() string {
	return preview(r.Said, r.Description)
}

func preview(said, description string) string {
	if said != "" {
		return said
	}
	return mrkdwn.Excerpt(description, previewLength)
}

// Target is how many seconds the first answer may take.
func (r Row) Target() int { return int(r.Level.FirstResponse / time.Second) }

// Lives says where the case's chat is.
func (r Row) Lives() string { return drawn.Lives(r.t, *r.Case) }

// Held says who has the running chat.
func (r Row) Held() string { return held(r.t, r.Chat) }

// Due says how long there is to the target of one that waits, or how late it is, in
// the same words as the scripts' clock.
func (r Row) Due(now time.Time) string { return DueIn(r.t, r.Chat.Since(), r.Level, now) }

// DueIn is Due of who waits since a time.
func DueIn(t tongue.Tongue, since time.Time, level desk.Level, now time.Time) string {
	if level.FirstResponse <= 0 {
		return ""
	}
	left := since.Add(level.FirstResponse).Sub(now)
	if left > 0 {
		return t.Say("Due in %s", shortly(t, left))
	}
	return t.Say("%s late", shortly(t, -left))
}

// shortly is a time in at most two units.
func shortly(t tongue.Tongue, d time.Duration) string {
	minutes := int(d.Minutes())
	switch {
	case minutes < 1:
		return t.Say("%d s", int(d.Seconds()))
	case minutes < 60:
		return t.Say("%d min", minutes)
	case minutes < 24*60:
		return t.Say("%d h %02d min", minutes/60, minutes%60)
	}
	return t.Say("%d d %d h", minutes/(24*60), minutes/60%24)
}

// Pressing says how the wait stands to the target: calm, soon or over.
func (r Row) Pressing(now time.Time) string {
	waited, target := now.Sub(r.Chat.Since()), r.Level.FirstResponse
	switch {
	case waited >= target:
		return "over"
	case waited*2 >= target:
		return "soon"
	}
	return "calm"
}

// List is a list of cases to make rows of.
func List(cases []desk.Case) []*desk.Case {
	list := make([]*desk.Case, len(cases))
	for i := range cases {
		list[i] = &cases[i]
	}
	return list
}

// Rows turns lists of cases into lists of rows, reading what they share once.
func (l *Lists) Rows(ctx context.Context, who desk.Agent, lists ...[]*desk.Case) ([][]Row, error) {
	var people []desk.PersonID
	asked := map[desk.PersonID]bool{}
	accounts := map[desk.AccountID]string{}
	for _, list := range lists {
		for _, c := range list {
			if !asked[c.Requester] {
				asked[c.Requester] = true
				people = append(people, c.Requester)
			}
			if _, known := accounts[c.Account]; known {
				continue
			}
			title, err := l.AccountTitle(ctx, c.Account)
			if err != nil {
				return nil, err
			}
			accounts[c.Account] = title
		}
	}
	t := tongue.From(ctx)
	known, err := l.Read.People(ctx, people)
	if err != nil {
		return nil, err
	}
	out := make([][]Row, len(lists))
	for i, list := range lists {
		out[i] = make([]Row, 0, len(list))
		for _, c := range list {
			r := Row{
				t:    t,
				Case: c, AccountTitle: accounts[c.Account], Level: l.Level(c.Severity),
				By:   record.AuthorOf(t, desk.ByCustomer(c.Requester), known, who.ID),
				Mine: c.Chat.Has(who.ID),
			}
			if c.Chat.State == desk.ChatRequested {
				r.Topic = l.topic(c)
			}
			if r.Mine {
				r.With = with(t, c.Chat, who)
			}
			out[i] = append(out[i], r)
		}
	}
	return out, nil
}

// with says which other agents are in a chat of the reader's.
func with(t tongue.Tongue, chat desk.ChatSession, who desk.Agent) string {
	names := Others(chat, who.ID)
	if len(names) == 0 {
		return ""
	}
	return t.Say("with %s", drawn.Among(t, names))
}

// AccountTitle is how an account is called.
func (l *Lists) AccountTitle(ctx context.Context, id desk.AccountID) (string, error) {
	account, err := l.Read.Account(ctx, id)
	if errors.Is(err, desk.ErrNotFound) {
		return string(id), nil // a case outlives the account's configuration
	}
	return account.Title(), err
}

// Says reads what was said last in the chats of rows, for pages that show it, and
// how they changed hands.
func (l *Lists) Says(ctx context.Context, who desk.Agent, lists ...[]Row) error {
	policies := map[desk.AccountID]desk.DeletionPolicy{} // each is read once
	for _, rows := range lists {
		for i := range rows {
			r := &rows[i]
			if !r.Mine && !r.Chat.Returned {
				continue
			}
			policy, known := policies[r.Account]
			if !known {
				var err error
				if policy, err = PolicyOf(ctx, l.Read, r.Account); err != nil {
					return err
				}
				policies[r.Account] = policy
			}
			if err := l.preview(ctx, r, who, policy); err != nil {
				return err
			}
		}
	}
	return nil
}

// previewed is how many of the newest entries are looked at for words.
const previewed = 4

// previewLength is how many characters of it a row shows.
const previewLength = 160

// preview finds the latest words of a chat that agents may see, or how it changed hands if that is
// the latest.
func (l *Lists) preview(ctx context.Context, r *Row, who desk.Agent, policy desk.DeletionPolicy) error {
	t := tongue.From(ctx)
	entries, err := l.Read.Log(ctx, r.ID, max(0, r.LastSeq-previewed), previewed)
	if err != nil {
		return err
	}
	for _, e := range entries {
		r.Inside = e.Author.Side != desk.SideCustomer || e.Kind != desk.KindMessage && e.Kind != desk.KindFile
		gone, err := l.gone(ctx, policy, e)
		if err != nil {
			return err
		}
		if gone {
			continue
		}
		switch e.Kind {
		case desk.KindMessage, desk.KindEdit:
			r.Said, r.Handed = mrkdwn.Excerpt(e.Text, previewLength), ""
			if e.Author.Side == desk.SideAgent {
				r.Said = t.Say("%s: %s", e.Author.Name, r.Said)
			}
		case desk.KindFile:
			r.Said, r.Handed = t.Say("File: %s", e.Text), ""
		case desk.KindChat:
			if turned(e) {
				r.Said, r.Handed = record.HandsWords(t, e, e.Author.Name), r.came(t, e, who)
			}
		case desk.KindNote:
			if e.Marked(desk.MarkWhisper) && e.Author.ID != string(who.ID) {
				r.Said, r.Handed = t.Say("Whisper from %s: %s", e.Author.Name, mrkdwn.Excerpt(e.Text, previewLength)), t.Say("%s whispers to you", e.Author.Name)
			}
		case desk.KindDeletion, desk.KindStatus, desk.KindTranscript, desk.KindReaction, desk.KindMember, desk.KindContact:
		}
	}
	return nil
}

// turned reports whether an entry tells that a chat came into other hands.
func turned(e desk.Correspondence) bool {
	switch desk.ChatEvent(e.What) {
	case desk.EventHanded, desk.EventReturned:
		return true
	case desk.EventLeft:
		return e.Text != ""
	default:
		return false
	}
}

// came says how the chat came to the reader; empty when it came to another.
func (r Row) came(t tongue.Tongue, e desk.Correspondence, who desk.Agent) string {
	switch {
	case r.Chat.Agent != who.ID || e.Text != who.Name:
		return ""
	case e.What == string(desk.EventLeft):
		return t.Say("%s left: you go on", e.Author.Name)
	}
	return t.Say("Handed over by %s", e.Author.Name)
}

// held says who has a running chat, for a row: its agent and how many joined
// besides, or that its agent's console is away.
func held(t tongue.Tongue, chat desk.ChatSession) string {
	n := len(chat.Others)
	switch {
	case chat.Away:
		return t.Say("Reconnecting")
	case n > 0:
		return fmt.Sprintf("%s +%d", chat.AgentName, n)
	}
	return chat.AgentName
}

// Others names the agents in a chat besides one.
func Others(chat desk.ChatSession, but desk.AgentID) []string {
	var names []string
	if chat.Agent != but && chat.AgentName != "" {
		names = append(names, chat.AgentName)
	}
	for _, a := range chat.Others {
		if a.ID != string(but) {
			names = append(names, a.Name)
		}
	}
	return names
}
