package mail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
)

// A writer finds out what a letter says of an entry.
type writer struct {
	read   Reader
	c      desk.Case
	person func(w desk.WorkspaceID, user string) desk.PersonID
}

// A content is what a letter says.
type content struct {
	Number  desk.CaseNumber
	Subject string
	What    string // a sentence
	Said    []said
	Files   string // how many there are; empty for none
	Cut     bool   // there is more than fits
	To      string
	Leave   string
	At      time.Time
	names   mrkdwn.Resolver
}

// A said is what somebody wrote.
type said struct {
	Who  string // empty where What says it
	At   time.Time
	Text string // Markdown
}

// What a letter holds at the most.
const (
	maxSaid  = 200 << 10 // bytes of Markdown
	maxLines = 2000      // messages of a chat
	bite     = 500       // entries read at a time
)

// content is what there is to say of an entry. due is false when its author has
// taken it back.
func (w writer) content(ctx context.Context, seq int64) (out content, due bool, err error) {
	e, err := w.read.Entry(ctx, w.c.ID, seq)
	if err != nil {
		return out, false, err
	}
	out = content{Number: w.c.Number, Subject: w.c.Subject, At: e.RecordedAt, names: w.names(ctx)}
	who, err := w.who(ctx, e.Author)
	if err != nil {
		return out, false, err
	}
	switch {
	case e.Kind == desk.KindTranscript:
		out.What = "The live chat about this case has ended. This was said in it:"
		err = w.chat(ctx, &out, e)
		return out, true, err
	case e.Kind == desk.KindStatus && e.What == string(desk.StatusResolved):
		out.What = who + " resolved this case."
		return out, true, nil
	case e.Kind == desk.KindStatus && e.What == string(desk.StatusReopened):
		out.What = who + " reopened this case."
		return out, true, nil
	case e.Kind != desk.KindMessage || e.Seq != 1 && !e.Marked(desk.MarkOutside):
		return out, false, nil // not ours to tell: what is said in a chat, notes …
	}
	out.What = who + " added to this case:"
	if e.Seq == 1 {
		out.What = who + " opened a support case:"
	}
	text, due, err := w.words(ctx, e)
	if err != nil || !due {
		return out, false, err
	}
	out.Said = []said{{Text: text}}
	n, err := w.filesWith(ctx, e)
	out.Files = filesWord(n)
	return out, true, err
}

// words are what a message says now; due is false when its author has taken it
// back.
func (w writer) words(ctx context.Context, e desk.Correspondence) (text string, due bool, err error) {
	changes, err := w.read.Changes(ctx, w.c.ID, e.Seq)
	if err != nil {
		return "", false, err
	}
	text, due = stands(e, changes)
	return text, due, nil
}

// stands is what a message says after its changes, whatever agents may still see
// of it: what somebody took back is not mailed.
func stands(e desk.Correspondence, changes []desk.Correspondence) (text string, due bool) {
	r := desk.HideDeleted.Read(e, changes)
	if r.Gone || !r.Deleted.IsZero() || len(r.Versions) == 0 {
		return "", false
	}
	return r.Versions[len(r.Versions)-1].Text, true
}

// filesWith counts the files that came with a message: their entries follow it.
func (w writer) filesWith(ctx context.Context, e desk.Correspondence) (n int, err error) {
	next, err := w.read.Log(ctx, w.c.ID, e.Seq, bite)
	for _, f := range next {
		if f.Kind != desk.KindFile || f.Chat != "" || f.Author.ID != e.Author.ID || !f.RecordedAt.Equal(e.RecordedAt) {
			break
		}
		if !f.Marked(desk.MarkErased) {
			n++
		}
	}
	return n, err
}

func filesWord(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 file came with it. It is on the case, and not in this e-mail."
	}
	return fmt.Sprintf("%d files came with it. They are on the case, and not in this e-mail.", n)
}

// chat fills in what was said in the chat that e closes: between join and end,
// and not what people wrote while they waited, which they shared with Support
// and with nobody else.
func (w writer) chat(ctx context.Context, out *content, e desk.Correspondence) error {
	written, changes, err := w.entries(ctx, e.Chat)
	if err != nil {
		return err
	}
	files, size := 0, 0
	for _, m := range written {
		if m.Kind == desk.KindFile {
			if m.Text != "" && !m.Marked(desk.MarkErased) && len(changes[m.Seq]) == 0 {
				files++
			}
			continue
		}
		text, due := stands(m, changes[m.Seq])
		if !due {
			continue
		}
		if size += len(text); size > maxSaid || len(out.Said) == maxLines {
			out.Cut = true
			break
		}
		who, err := w.who(ctx, m.Author)
		if err != nil {
			return err
		}
		out.Said = append(out.Said, said{Who: who, At: m.At, Text: text})
	}
	out.Files = filesWord(files)
	return nil
}

// entries are the messages and files of a chat in the order in which they were
// written, and what changed them.
func (w writer) entries(ctx context.Context, chat desk.ChatID) (written []desk.Correspondence, changes map[int64][]desk.Correspondence, err error) {
	changes = map[int64][]desk.Correspondence{}
	for after := int64(0); ; {
		page, err := w.read.Log(ctx, w.c.ID, after, bite)
		if err != nil {
			return nil, nil, err
		}
		for _, e := range page {
			after = e.Seq
			switch {
			case e.Kind == desk.KindEdit || e.Kind == desk.KindDeletion:
				changes[e.Refers] = append(changes[e.Refers], e)
			case e.Chat == chat && (e.Kind == desk.KindMessage || e.Kind == desk.KindFile) && !e.Marked(desk.MarkWaiting):
				written = append(written, e)
			}
		}
		if len(page) < bite {
			break
		}
	}
	slices.SortStableFunc(written, func(a, b desk.Correspondence) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Seq, b.Seq))
	})
	return written, changes, nil
}

// who is what somebody is called.
func (w writer) who(ctx context.Context, by desk.Actor) (string, error) {
	switch by.Side {
	case desk.SideAgent:
		return flat(by.Name) + " (Support)", nil
	case desk.SideSystem:
		return "Caseline", nil
	case desk.SideCustomer:
	}
	people, err := w.read.People(ctx, []desk.PersonID{desk.PersonID(by.ID)})
	if err != nil {
		return "", err
	}
	return cmp.Or(flat(people[desk.PersonID(by.ID)].Name), flat(by.Name), "Somebody in Slack"), nil
}

// names are of the people whom texts mention. Who cannot be looked up now is
// shown as Slack knows them.
func (w writer) names(ctx context.Context) mrkdwn.Resolver {
	return mrkdwn.Resolver{User: func(user string) string {
		id := w.person(w.c.Workspace, user)
		if id == "" {
			return ""
		}
		people, err := w.read.People(ctx, []desk.PersonID{id})
		if err != nil && !errors.Is(err, desk.ErrNotFound) {
			return ""
		}
		return people[id].Name
	}}
}
