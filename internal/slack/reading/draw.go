package reading

import (
	"strconv"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/view"
)

// How much of a text is shown where there are others, and in full, in
// characters.
const (
	maxShown   = 1000
	maxSection = 3000 // Slack takes no more in a section
	perPart    = 4    // sections in a part of a text
	maxNames   = 1000
)

// A drawing is what a page shows.
type drawing struct {
	page    Page
	c       desk.Case
	account served.Account
	note    string
	names   view.Names
	where   view.Where
	kin     []desk.CaseNumber
	first   item // the description, or the text that is shown in full
	items   []item
	next    int64 // where older correspondence begins; 0 for none
	buttons []*view.Element
}

func (d drawing) window(blocks []view.Block) view.View {
	if d.note != "" {
		blocks = append([]view.Block{view.Section(view.Plain(d.note, maxSection))}, blocks...)
	}
	v := view.Window("Case "+string(d.c.Number), blocks)
	v.CallbackID, v.PrivateMetadata = Callback, d.page.metadata()
	return v
}

// details are the case's particulars and what was said last.
func (d drawing) details() view.View {
	facts := view.Facts(d.c, d.account.Title(), d.names)
	if len(d.kin) > 0 {
		facts = append(facts, view.Mrk("*Related to*\n"+related(d.kin)))
	}
	d.first.entry.Text, d.first.entry.Seq = d.c.Description, 1
	blocks := append([]view.Block{view.Header(d.c.Subject), {Type: "section", Fields: facts}}, d.body(d.first)...)
	chat := "*Live chat*\n" + view.ChatLine(d.c, d.names)
	if d.c.HasPlace() && d.where.Channel != "" {
		chat += "\nIn " + d.where.Link() + "."
	}
	blocks = append(blocks, view.Divider(), view.Section(view.Mrk(chat)))
	if len(d.items) > 0 {
		blocks = append(blocks, view.Divider(), view.Section(view.Mrk("*Latest correspondence*")))
		blocks = append(blocks, d.list()...)
	}
	if d.next > 0 {
		d.buttons = append(d.buttons, view.Button(actionOlder, "Previous correspondence", strconv.FormatInt(d.next, 10)))
	}
	if len(d.buttons) > 0 {
		blocks = append(blocks, view.Actions("case", d.buttons...))
	}
	return d.window(blocks)
}

func related(kin []desk.CaseNumber) string {
	var all []string
	for _, n := range kin {
		all = append(all, "case "+string(n))
	}
	return strings.Join(all, ", ")
}

// older is a page of older correspondence.
func (d drawing) older() view.View {
	blocks := append([]view.Block{view.Header("Previous correspondence")}, d.list()...)
	if len(d.items) == 0 {
		blocks = append(blocks, view.Section(view.Mrk("Nothing more was said.")))
	}
	var buttons []*view.Element
	if d.next > 0 {
		buttons = append(buttons, view.Button(actionOlder, "Older", strconv.FormatInt(d.next, 10)))
	}
	if len(d.page.Before) > 1 {
		buttons = append(buttons, view.Button(actionNewer, "Newer", "newer"))
	}
	buttons = append(buttons, view.Button(actionBack, "Back to the case", "back"))
	return d.window(append(blocks, view.Actions("pages", buttons...)))
}

func (d drawing) list() (blocks []view.Block) {
	for _, i := range d.items {
		blocks = append(blocks, view.Context(view.Mrk(d.said(i))))
		blocks = append(blocks, d.body(i)...)
	}
	return blocks
}

// said is the line above an item: who, when, and where if not in a chat.
func (d drawing) said(i item) string {
	line := view.Who(i.entry.Author, d.names) + " · " + view.Moment(i.entry.At)
	switch {
	case i.entry.Seq == 1:
		line += " · opened the case"
	case i.entry.Marked(desk.MarkOutside):
		line += " · outside the chat"
	}
	if i.edited && !i.deleted {
		line += " · edited"
	}
	return line
}

// body is what an item says, as far as there is room among others, and its
// files.
func (d drawing) body(i item) (blocks []view.Block) {
	if i.deleted {
		return []view.Block{view.Context(view.Mrk("_" + stub(d.account.Deletions, i.entry.Author) + "_"))}
	}
	if i.entry.Kind != desk.KindFile {
		text := view.Words(d.c, i.entry.Text, d.names)
		blocks = append(blocks, view.Section(view.Plain(text, maxShown)))
		if view.Width(text) > maxShown {
			seq := strconv.FormatInt(i.entry.Seq, 10)
			blocks = append(blocks, view.Actions("full:"+seq, view.Button(actionFull, "Show full message", seq)))
		}
	}
	if names := fileNames(i.files); names != "" {
		blocks = append(blocks, view.Context(view.Plain(names, maxNames)))
	}
	return blocks
}

// stub stands for what its author deleted, and says what the account has become
// of it.
func stub(policy desk.DeletionPolicy, by desk.Actor) string {
	switch {
	case by.Side == desk.SideAgent:
		return "Support took this message back."
	case policy == desk.EraseDeleted:
		return "This message was deleted, and is erased from the case."
	case policy == desk.HideDeleted:
		return "This message was deleted. Support does not see it."
	}
	return "This message was deleted in Slack. It stays on the case."
}

// fileNames names files with their sizes, and what is wrong with those that are
// not there.
func fileNames(files []desk.File) string {
	var names []string
	for _, f := range files {
		name := desk.FileName(f.Name) + " (" + size(f.Size)
		switch f.State {
		case desk.FileFetching, desk.FileSending:
			name += ", on its way"
		case desk.FileFailed:
			name += ", did not arrive"
		case desk.FileErased:
			name = "a file that was erased ("
		case desk.FileReady:
		}
		names = append(names, strings.TrimSuffix(name+")", " ()"))
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return "File: " + names[0]
	}
	return "Files: " + strings.Join(names, ", ")
}

// full is one text in full, in parts if it is very long.
func (d drawing) full() view.View {
	i := d.first
	blocks := []view.Block{view.Context(view.Mrk(d.said(i)))}
	var pieces []string
	if i.deleted || i.entry.Kind == desk.KindFile {
		blocks = append(blocks, d.body(i)...)
	} else {
		pieces = split(view.Words(d.c, i.entry.Text, d.names), maxSection)
	}
	parts := (len(pieces) + perPart - 1) / perPart
	part := max(0, min(d.page.Part, parts-1))
	for _, piece := range pieces[part*perPart : min(len(pieces), (part+1)*perPart)] {
		blocks = append(blocks, view.Section(view.Plain(piece, maxSection)))
	}
	var buttons []*view.Element
	if part > 0 {
		buttons = append(buttons, view.Button(actionBefore, "Previous part", strconv.Itoa(part-1)))
	}
	if part+1 < parts {
		buttons = append(buttons, view.Button(actionPart, "Next part", strconv.Itoa(part+1)))
	}
	if parts > 1 {
		blocks = append(blocks, view.Context(view.Mrk("Part "+strconv.Itoa(part+1)+" of "+strconv.Itoa(parts))))
	}
	if names := fileNames(i.files); names != "" && len(pieces) > 0 {
		blocks = append(blocks, view.Context(view.Plain(names, maxNames)))
	}
	buttons = append(buttons, view.Button(actionBack, "Back", "back"))
	return d.window(append(blocks, view.Actions("parts", buttons...)))
}

// split cuts a text into pieces of at most limit characters, between lines or
// words if it can.
func split(text string, limit int) (pieces []string) {
	for view.Width(text) > limit {
		end, width, between := 0, 0, 0
		for i, r := range text {
			if width += view.Width(string(r)); width > limit {
				break
			}
			end = i + len(string(r))
			if r == '\n' || r == ' ' && (between == 0 || text[between-1] != '\n' || i > between+limit/4) {
				between = end
			}
		}
		if between > end/2 {
			end = between
		}
		pieces = append(pieces, text[:end])
		text = text[end:]
	}
	if strings.TrimSpace(text) != "" || len(pieces) == 0 {
		pieces = append(pieces, text)
	}
	return pieces
}

// shared is the case for everybody in a channel, by a person.
func (d drawing) shared(by desk.PersonID) view.Message {
	lead := d.names.Of(string(by)) + " shared case " + string(d.c.Number) + ": " + view.Escaped(d.c.Subject, desk.MaxSubject)
	m := view.Line(lead)
	m.Blocks = append(m.Blocks,
		view.Block{Type: "section", Fields: view.Facts(d.c, d.account.Title(), d.names)},
		view.Section(view.Plain(view.Words(d.c, d.c.Description, d.names), maxShown)),
		view.Context(view.Mrk(view.ChatLine(d.c, d.names))),
	)
	buttons := []*view.Element{view.Button(view.ActionDetails, "See details", view.Press{Case: d.c.ID, Chat: d.c.Chat.ID}.Value())}
	if d.c.Open() {
		buttons = append(buttons, view.ReplyButton(d.c))
	}
	m.Blocks = append(m.Blocks, view.Actions("case", buttons...))
	return m
}
