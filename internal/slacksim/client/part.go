package client

import (
	"fmt"
	"html/template"
	"net/url"
	"slices"

	"caseline/internal/slacksim/blockkit"
	"caseline/internal/slacksim/client/kit"
	"caseline/internal/slacksim/client/markup"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/look"
	"caseline/internal/slacksim/world"
)

type fileView struct {
	ID, Name, Title, Type, Size, Page, Alt string
	Image, Deleted                         bool
}

func (p *page) file(f world.File) fileView {
	v := fileView{
		ID: f.ID, Name: f.Name, Title: f.Title, Type: f.Filetype(), Size: size(f.Size), Alt: f.AltText, Deleted: f.Deleted,
		Page: p.Base + "/files/" + f.ID + "/" + url.PathEscape(f.Name), Image: f.Image() && safeImage(f.Mimetype),
	}
	if v.Alt == "" {
		v.Alt = f.Title
	}
	return v
}

func size(n int) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1e6:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

type reactionView struct {
	Name, Picture, Who string
	Address            string // of the picture of a custom emoji
	Count              int
	Mine               bool
}

func (p *page) reaction(r world.Reaction) reactionView {
	v := reactionView{Name: r.Name, Count: len(r.Users), Mine: slices.Contains(r.Users, p.me.me.ID)}
	picture, ok := markup.Emoji(r.Name)
	if v.Picture = picture; !ok {
		if v.Picture, v.Address, ok = p.me.Emoji(r.Name); !ok {
			v.Picture = ":" + r.Name + ":"
		}
	}
	for i, id := range r.Users {
		if i > 0 {
			v.Who += ", "
		}
		v.Who += p.me.users[id].Shown()
	}
	return v
}

// quickEmoji are those the reaction menu offers.
func quickEmoji() []emojiView {
	var out []emojiView
	for _, name := range []string{
		"+1", "white_check_mark", "eyes", "pray", "tada", "heart", "joy", "thinking_face", "raised_hands", "rocket", "fire", "wave",
		"100", "warning", "x", "sob",
	} {
		picture, _ := markup.Emoji(name)
		out = append(out, emojiView{name, picture})
	}
	return out
}

// An attachmentView is an old-style attachment, a link's preview or a
// forwarded message.
type attachmentView struct {
	Pretext, Author, Text, Footer template.HTML
	Title                         template.HTML
	Link, Image, Color            string
	Fields                        []fieldView
	Blocks                        template.HTML
	Shared                        bool   // a forwarded message
	From                          face   // who wrote it
	Where, Page                   string // and where it stands
}

type fieldView struct {
	Title string
	Value template.HTML
	Short bool
}

func (p *page) attachment(of *messageView, i int, a map[string]any) (attachmentView, error) {
	w := p.me.text()
	v := attachmentView{
		Pretext: w.Mrkdwn(blockkit.Str(a, "pretext")), Author: w.Plain(blockkit.Str(a, "author_name"), true),
		Title: w.Mrkdwn(blockkit.Str(a, "title")), Text: w.Mrkdwn(blockkit.Str(a, "text")), Footer: w.Plain(blockkit.Str(a, "footer"), true),
		Link: blockkit.Str(a, "title_link"), Image: blockkit.Str(a, "image_url"), Color: blockkit.Str(a, "color"),
	}
	if v.Link == "" {
		v.Link = blockkit.Str(a, "from_url")
	}
	if shared, _ := a["is_share"].(bool); shared {
		p.forwarded(&v, a)
	}
	for _, raw := range blockkit.List(a, "fields") {
		if f, ok := raw.(map[string]any); ok {
			short, _ := f["short"].(bool)
			v.Fields = append(v.Fields, fieldView{blockkit.Str(f, "title"), w.Mrkdwn(blockkit.Str(f, "value")), short})
		}
	}
	var blocks []kit.Object
	for _, raw := range blockkit.List(a, "blocks") {
		if b, ok := raw.(map[string]any); ok {
			blocks = append(blocks, b)
		}
	}
	var err error
	v.Blocks, err = p.blocks(fmt.Sprintf("%s-a%d", of.Key, i), blocks, nil)
	if v.Text == "" && v.Title == "" && len(blocks) == 0 {
		v.Text = w.Mrkdwn(blockkit.Str(a, "fallback"))
	}
	return v, err
}

// forwarded fills in whose message was forwarded, and from where.
func (p *page) forwarded(v *attachmentView, a map[string]any) {
	v.Shared, v.From = true, face{Initials: look.Initials(blockkit.Str(a, "author_name"))}
	if u, ok := p.me.users[blockkit.Str(a, "author_id")]; ok {
		v.From = p.me.face(u)
	}
	v.Page = p.me.Page(blockkit.Str(a, "from_url"))
	where := "Posted in a conversation you cannot see"
	if ch, ok := p.me.channels[blockkit.Str(a, "channel_id")]; ok {
		where = "Posted in a direct message"
		if ch.Name != "" {
			where = "Posted in #" + ch.Name
		}
	}
	at := entity.TSTime(blockkit.Str(a, "ts")).In(p.now.Location())
	v.Where = where + " · " + dayName(at, p.now) + " at " + at.Format("15:04")
}
