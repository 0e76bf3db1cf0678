package kit

import (
	"embed"
	"fmt"
	"hash/fnv"
	"html/template"
	"strings"
	"time"

	"caseline/internal/slacksim/blockkit"
	"caseline/internal/slacksim/client/markup"
)

//go:embed blocks.html elements.html
var files embed.FS

// A State is what stands in the elements of a view or message: by block, by
// action.
type State = map[string]map[string]Object

// A Kit draws blocks. Create it with New.
type Kit struct {
	templates *template.Template
}

// New returns a Kit.
func New() (*Kit, error) {
	t, err := template.ParseFS(files, "*.html")
	if err != nil {
		return nil, fmt.Errorf("read the templates of Block Kit: %w", err)
	}
	return &Kit{t}, nil
}

// A Surface is what blocks stand on, and who looks at it.
type Surface struct {
	ID       string // unique in the page: DOM ids begin with it
	Text     markup.Writer
	People   []Option
	Channels []Option
	State    State             // of views: what the person put in
	Errors   map[string]string // of views: by block
}

func (s Surface) zone() *time.Location {
	if s.Text.Zone == nil {
		return time.UTC
	}
	return s.Text.Zone
}

// Blocks draws blocks on a surface.
func (k *Kit) Blocks(s Surface, blocks []Object) (template.HTML, error) {
	d := drawing{s}
	var b strings.Builder
	if err := k.templates.ExecuteTemplate(&b, "blocks", d.blocks(blocks)); err != nil {
		return "", fmt.Errorf("draw blocks: %w", err)
	}
	return template.HTML(b.String()), nil // what a template wrote
}

// A drawing is the work on one surface.
type drawing struct{ Surface }

// id is the DOM id of an element. It stays the same when blocks come and go
// around it.
func (d *drawing) id(block, action string) string {
	h := fnv.New64a()
	h.Write([]byte(FieldName(block, action)))
	return fmt.Sprintf("%s-%x", d.ID, h.Sum64())
}

// words writes a text object.
func (d *drawing) words(o Object) template.HTML {
	if blockkit.Str(o, "type") == "mrkdwn" {
		return d.Text.Mrkdwn(blockkit.Str(o, "text"))
	}
	emoji, given := o["emoji"].(bool)
	return d.Text.Plain(blockkit.Str(o, "text"), emoji || !given)
}
