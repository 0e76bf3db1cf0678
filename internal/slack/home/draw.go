package home

import (
	"strconv"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/slack/view"
)

// What is pressed on a home, besides the buttons of cases, which are called as
// elsewhere.
const (
	ActionCreate   = "home_create"
	ActionNext     = "home_next" // its value is a page
	ActionPrevious = "home_previous"
)

// PerPage is how many cases a page has: with its heading a page stays below
// Slack's 100 blocks.
const PerPage = 10

// A matter is a case as somebody's home shows it.
type matter struct {
	c                   desk.Case
	chat                view.Where // where its chat is, or was
	asked               string     // the channel where it was opened
	replies, canResolve bool
}

// A face is what somebody's home shows.
type face struct {
	name    string // of the person; may be empty
	why     string // they may not open a case; empty if they may
	matters []matter
	hidden  int // cases that they may not see any more
	page    int
	names   view.Names
}

// draw is the home tab (Slack: views.publish, at most 100 blocks).
func (f face) draw() view.View {
	hello := "Hello."
	if f.name != "" {
		hello = "Hello " + f.name + "."
	}
	v := view.View{Type: "home", Blocks: []view.Block{view.Header("Support"), view.Section(view.Plain(hello+" "+f.summary(), 500))}}
	if f.why == "" {
		create := view.Button(ActionCreate, "Create a support case", "create")
		create.Style = "primary"
		v.Blocks = append(v.Blocks, view.Actions("create", create))
	} else {
		v.Blocks = append(v.Blocks, view.Context(view.Plain("You cannot create a case from here. "+f.why, 500)))
	}
	pages := max(1, (len(f.matters)+PerPage-1)/PerPage)
	page := min(max(f.page, 0), pages-1)
	live := false
	for i, m := range f.matters[page*PerPage : min((page+1)*PerPage, len(f.matters))] {
		if i == 0 || live != m.c.Chat.Live() {
			v.Blocks = append(v.Blocks, view.Divider(), view.Section(view.Mrk(heading(m.c.Chat.Live()))))
		}
		live = m.c.Chat.Live()
		v.Blocks = append(v.Blocks, m.draw(f.names)...)
	}
	if f.hidden > 0 {
		v.Blocks = append(v.Blocks, view.Context(view.Plain(hiddenLine(f.hidden), 500)))
	}
	return turning(v, page, pages)
}

// turning adds how to go through the pages.
func turning(v view.View, page, pages int) view.View {
	var buttons []*view.Element
	if page > 0 {
		buttons = append(buttons, view.Button(ActionPrevious, "Previous", strconv.Itoa(page-1)))
	}
	if page < pages-1 {
		buttons = append(buttons, view.Button(ActionNext, "Next", strconv.Itoa(page+1)))
	}
	if len(buttons) > 0 {
		where := "Page " + strconv.Itoa(page+1) + " of " + strconv.Itoa(pages)
		v.Blocks = append(v.Blocks, view.Divider(), view.Context(view.Plain(where, 100)), view.Actions("pages", buttons...))
	}
	return v
}

func (f face) summary() string {
	switch n := len(f.matters); n {
	case 0:
		return "You have no open cases. When you open one, or write to somebody else's, it stands here."
	case 1:
		return "You take part in one open case."
	default:
		return "You take part in " + strconv.Itoa(n) + " open cases."
	}
}

func heading(live bool) string {
	if live {
		return "*Live chats*"
	}
	return "*Open cases*"
}

func hiddenLine(n int) string {
	if n == 1 {
		return "One more case is not shown: you are not in a channel any more from which it may be seen."
	}
	return strconv.Itoa(n) + " more cases are not shown: you are not in a channel any more from which they may be seen."
}

// draw is a case: what it is, where it stands and is spoken of, and what can be
// done.
func (m matter) draw(names view.Names) []view.Block {
	c := m.c
	lines := []string{
		"*" + view.Escaped(c.Subject, desk.MaxSubject) + "*",
		"Case " + string(c.Number) + " · " + view.StatusWord(c.Status) + " · " + names.Severity(c.Severity),
		view.ChatLine(c, names),
	}
	switch {
	case m.chat.Channel != "":
		lines = append(lines, "Chat in "+m.chat.Link()+".")
	case m.asked != "":
		lines = append(lines, "Opened in <#"+m.asked+">.")
	}
	buttons := []*view.Element{view.Button(view.ActionDetails, "See details", view.Press{Case: c.ID, Chat: c.Chat.ID}.Value())}
	if m.replies {
		buttons = append(buttons, view.Button(view.ActionReply, "Reply", view.Press{Case: c.ID, Chat: c.Chat.ID}.Value()))
	}
	if m.canResolve {
		buttons = append(buttons, view.ResolveButton(c))
	}
	return []view.Block{view.Section(view.Mrk(strings.Join(lines, "\n"))), view.Actions("case:"+string(c.Number), buttons...)}
}
