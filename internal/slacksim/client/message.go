package client

import (
	"cmp"
	"html/template"
	"slices"
	"strings"
	"time"

	"caseline/internal/slacksim/client/kit"
	"caseline/internal/slacksim/client/markup"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/look"
	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/world"
)

// An item is one line in a list of messages: a day, or a message.
type item struct {
	Key     string
	Day     string
	Message *messageView
}

type messageView struct {
	Key, TS, Channel  string
	Kind              string // message, system, ephemeral or deleted
	Author            face
	Badge             bool // an app wrote it
	At                time.Time
	Clock, Full       string
	Follow            bool // the author is the one above
	Me                bool // an emote
	Own, MayDelete    bool
	Mention           bool // of the reader
	Edited            bool
	PinnedBy          string
	Text              template.HTML
	Blocks            template.HTML
	Attachments       []attachmentView
	Files             []fileView
	Reactions         []reactionView
	Broadcast, Parent string // "replied to a thread", and its page
	Replies           int
	ReplyFaces        []face
	LastReply         string
	Thread            string // the page of its thread, if it can have one
	InThread          bool
}

// follows is how long one author's messages stand together.
const follows = 5 * time.Minute

// items turns a channel's messages, newest first, into what the page lists:
// with days, and among them those that only this reader sees. Within a thread
// root is its parent's ts and the messages come oldest first.
func (s *Server) items(p *page, ms []world.Message, root, prefix string) ([]item, error) {
	if root == "" {
		slices.Reverse(ms)
	}
	var views []*messageView
	for _, m := range ms {
		v, err := s.message(p, m, prefix)
		if err != nil {
			return nil, err
		}
		v.InThread = root != ""
		views = append(views, v)
	}
	for _, e := range s.screens.Ephemerals(p.me.me.ID) {
		if e.Channel != p.Channel.ID || e.ThreadTS != root || (len(ms) > 0 && entity.CompareTS(e.ID, ms[0].TS) < 0) {
			continue
		}
		v, err := s.ephemeral(p, e, prefix)
		if err != nil {
			return nil, err
		}
		views = append(views, v)
	}
	slices.SortStableFunc(views, func(a, b *messageView) int { return entity.CompareTS(a.TS, b.TS) })
	return withDays(views, p.now, root == ""), nil
}

// withDays puts a line before each day's first message.
func withDays(views []*messageView, now time.Time, days bool) []item {
	var out []item
	for i, v := range views {
		newDay := i == 0 || v.At.YearDay() != views[i-1].At.YearDay() || v.At.Year() != views[i-1].At.Year()
		if newDay && days {
			out = append(out, item{Key: "day-" + v.At.Format("2006-01-02"), Day: dayName(v.At, now)})
		}
		if i > 0 && !newDay {
			last := views[i-1]
			v.Follow = v.Kind == "message" && last.Kind == "message" && v.Author == last.Author && v.Badge == last.Badge &&
				v.PinnedBy == "" && v.Broadcast == "" && v.At.Sub(last.At) < follows && (last.Replies == 0 || v.InThread)
		}
		out = append(out, item{Key: v.Key, Message: v})
	}
	return out
}

func dayName(t, now time.Time) string {
	switch day := t.Format("2006-01-02"); day {
	case now.Format("2006-01-02"):
		return "Today"
	case now.AddDate(0, 0, -1).Format("2006-01-02"):
		return "Yesterday"
	}
	if t.Year() == now.Year() {
		return t.Format("Monday, 2 January")
	}
	return t.Format("Monday, 2 January 2006")
}

// begin fills in what all kinds of messages have.
func (p *page) begin(kind, channel, ts, prefix string) *messageView {
	at := entity.TSTime(ts).In(p.now.Location())
	return &messageView{
		Key: prefix + "m-" + ts, TS: ts, Channel: channel, Kind: kind,
		At: at, Clock: at.Format("15:04"), Full: at.Format("Monday, 2 January 2006 at 15:04:05"),
	}
}

func (s *Server) message(p *page, m world.Message, prefix string) (*messageView, error) {
	v := p.begin("message", m.Channel, m.TS, prefix)
	v.Author, v.Badge = p.author(m)
	v.Thread = p.Channel.Page + "?thread=" + m.TS
	switch {
	case m.Subtype == "tombstone":
		v.Kind = "deleted"
		v.Author = face{Initials: "×"}
	case m.System():
		v.Kind, v.Thread = "system", ""
		v.Text = p.me.text().Mrkdwn(strings.TrimPrefix(m.Text, "<@"+m.User+"> "))
		return v, nil
	}
	v.Me = m.Subtype == "me_message"
	v.Own = m.User == p.me.me.ID
	v.MayDelete = v.Own || p.me.me.Admin
	v.Edited = m.Edited != nil
	v.Mention = mentions(m.Text, p.me.me.ID) || p.groupMention(m.Text)
	if m.PinnedBy != "" {
		v.PinnedBy = cmp.Or(p.me.users[m.PinnedBy].Shown(), "somebody")
		if m.PinnedBy == p.me.me.ID {
			v.PinnedBy = "you"
		}
	}
	if m.IsReply() {
		v.Thread = p.Channel.Page + "?thread=" + m.ThreadTS
		if m.Subtype == "thread_broadcast" {
			v.Broadcast, v.Parent = "replied to a thread", v.Thread
		}
	}
	p.threaded(v, m)
	for _, f := range m.Files {
		v.Files = append(v.Files, p.file(f))
	}
	for _, r := range m.Reactions {
		v.Reactions = append(v.Reactions, p.reaction(r))
	}
	return v, p.body(v, m.Text, m.Blocks, m.Attachments, s.people.MessageState(p.me.me.ID, m))
}

// body draws what a message says.
func (p *page) body(v *messageView, text string, blocks []world.Block, attachments []map[string]any, state kit.State) (err error) {
	switch {
	case len(blocks) == 0:
		v.Text = p.me.text().Mrkdwn(text)
	case len(blocks) == 1 && blocks[0]["type"] == "rich_text": // as people write
		v.Text = p.me.text().RichText(blocks[0])
	default:
		v.Blocks, err = p.blocks(v.Key, blocks, func(s *kit.Surface) { s.State = state })
	}
	for i, a := range attachments {
		if err != nil {
			break
		}
		var av attachmentView
		av, err = p.attachment(v, i, a)
		v.Attachments = append(v.Attachments, av)
	}
	return err
}

func mentions(text, user string) bool {
	for _, token := range []string{"<@" + user + ">", "<@" + user + "|", "<!here", "<!channel", "<!everyone"} {
		if strings.Contains(text, token) {
			return true
		}
	}
	return false
}

// groupMention reports whether a text calls a user group of the reader.
func (p *page) groupMention(text string) bool {
	if !strings.Contains(text, "<!subteam^") {
		return false
	}
	return slices.ContainsFunc(p.me.server.world.Groups(p.Workspace.ID), func(g world.UserGroup) bool {
		return g.Has(p.me.me.ID) && (strings.Contains(text, g.Mention()) || strings.Contains(text, "<!subteam^"+g.ID+"|"))
	})
}

// author is who a message is from, and whether that is an app.
func (p *page) author(m world.Message) (face, bool) {
	if m.Customised() {
		f := face{ID: m.BotID, Name: cmp.Or(m.Username, m.BotName, "app"), App: true}
		f.Initials, f.Tone = look.Initials(f.Name), len(f.Name)%look.Tones
		if m.Icons != nil {
			f.dress(*m.Icons)
		}
		return f, true
	}
	u, ok := p.me.users[m.User]
	if !ok {
		name := cmp.Or(m.Username, m.BotName, "Unknown")
		if m.User == world.Slackbot {
			name = "Slackbot"
		}
		return face{ID: m.User, Name: name, Initials: look.Initials(name), App: m.BotID != ""}, m.BotID != ""
	}
	return p.me.face(u), u.Bot
}

// dress gives a face the picture an app chose for one message.
func (f *face) dress(icons world.Icons) {
	if picture, ok := markup.Emoji(strings.Trim(icons.Emoji, ":")); ok {
		f.Emoji = picture
		return
	}
	f.Picture = icons.URL
}

func (s *Server) ephemeral(p *page, e screen.Ephemeral, prefix string) (*messageView, error) {
	v := p.begin("ephemeral", e.Channel, e.ID, prefix)
	m := world.Message{User: e.BotUser, Username: e.Username, Icons: e.Icons}
	if e.Username != "" {
		m.Subtype = "bot_message"
	}
	v.Author, v.Badge = p.author(m)
	return v, p.body(v, e.Text, e.Blocks, e.Attachments, nil)
}

// threaded fills in what stands below a parent.
func (p *page) threaded(v *messageView, m world.Message) {
	if m.ReplyCount == 0 || m.IsReply() {
		return
	}
	v.Replies = m.ReplyCount
	for _, id := range m.ReplyUsers {
		if u, ok := p.me.users[id]; ok && len(v.ReplyFaces) < 4 {
			v.ReplyFaces = append(v.ReplyFaces, p.me.face(u))
		}
	}
	at := entity.TSTime(m.Latest).In(p.now.Location())
	day := dayName(at, p.now)
	if day == "Today" || day == "Yesterday" {
		day = strings.ToLower(day)
	}
	v.LastReply = day + " at " + at.Format("15:04")
}
