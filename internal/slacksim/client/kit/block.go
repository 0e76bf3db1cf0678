package kit

import (
	"html/template"

	"caseline/internal/slacksim/blockkit"
)

type blockView struct {
	Kind      string
	ID        string
	Text      template.HTML
	Fields    []template.HTML
	Elements  []elementView
	Accessory *elementView
	FieldID   string // of an input's element
	Group     bool   // the element is several controls under one label
	Hint      template.HTML
	Optional  bool
	Error     string
	Image     imageView
}

type imageView struct {
	URL, Alt string
	Title    template.HTML
}

func (d *drawing) blocks(blocks []Object) []blockView {
	out := make([]blockView, len(blocks))
	for i, b := range blocks {
		out[i] = d.block(b)
	}
	return out
}

func (d *drawing) block(b Object) blockView {
	v := blockView{Kind: blockkit.Str(b, "type"), ID: blockkit.Str(b, "block_id")}
	switch v.Kind {
	case "section":
		v.Text = d.words(object(b, "text"))
		for _, f := range objects(b, "fields") {
			v.Fields = append(v.Fields, d.words(f))
		}
		if a := object(b, "accessory"); a != nil {
			e := d.element(v.ID, a, true)
			v.Accessory = &e
		}
	case "header":
		v.Text = d.words(object(b, "text"))
	case "context", "actions", "context_actions":
		for _, e := range objects(b, "elements") {
			v.Elements = append(v.Elements, d.element(v.ID, e, true))
		}
	case "image":
		v.Image = d.image(b)
	case "rich_text":
		v.Text = d.Text.RichText(b)
	case "markdown":
		v.Text = d.Text.Mrkdwn(blockkit.Str(b, "text"))
	case "input":
		d.input(&v, b)
	case "divider":
	default:
		v.Kind, v.Text = "unknown", d.Text.Plain(blockkit.Str(b, "type"), false)
	}
	return v
}

func (d *drawing) input(v *blockView, b Object) {
	e := d.element(v.ID, object(b, "element"), boolean(b, "dispatch_action"))
	e.Labelled = true
	v.Elements = []elementView{e}
	v.Text = d.words(object(b, "label"))
	v.FieldID, v.Group = e.ID, e.Kind == "radios" || e.Kind == "checks"
	if h := object(b, "hint"); h != nil {
		v.Hint = d.words(h)
	}
	v.Optional = boolean(b, "optional")
	v.Error = d.Errors[v.ID]
}

func (d *drawing) image(o Object) imageView {
	v := imageView{URL: blockkit.Str(o, "image_url"), Alt: blockkit.Str(o, "alt_text")}
	if t := object(o, "title"); t != nil {
		v.Title = d.words(t)
	}
	return v
}
