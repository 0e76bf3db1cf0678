package work

import (
	"strconv"

	"caseline/internal/console/record"
	"caseline/internal/desk"
)

// A QueueRow is a row of the queue, flat and written out as a WorkRow is.
type QueueRow struct {
	ID                     desk.CaseID
	Seq                    int64
	Number                 desk.CaseNumber
	Subject, Name, Version string
	Severity               desk.Severity
	By                     record.Author
	Said, Description      string // see Preview
	AccountTitle, Lives    string
	Service, Language      string // what it is about
	Why                    string // its owner, or why it has none
	Returned               bool
	Pressing               string // how the wait stands to the target
	Target                 int    // seconds
	At, Full               string // since when they wait
	Waited, Due, Token     string // how long, and how that stands to the target; what joining is called
	Joins                  bool   // the reader may join
}

// maxText is how many bytes of a description a row has, for rows are kept. Of a
// longer one it has the preview alone.
const maxText = 1 << 10

// Preview is the beginning of what was said last, or of the description.
func (r QueueRow) Preview() string { return preview(r.Said, r.Description) }

func (f Frame) queueRow(r *Row) QueueRow {
	since := r.Chat.Since()
	q := QueueRow{
		ID: r.ID, Seq: r.LastSeq, Number: r.Number, Subject: r.Subject, Version: strconv.FormatInt(r.Revision, 10) + "-" + r.By.Name,
		Severity: r.Severity, By: r.By, Said: r.Said, AccountTitle: r.AccountTitle, Lives: r.Lives(), Returned: r.Chat.Returned,
		Pressing: r.Pressing(f.Now), Target: r.Target(), At: f.ISO(since), Full: f.Full(since), Waited: f.Since(since), Due: r.Due(f.Now), Joins: f.Answers(),
	}
	q.Service, q.Language, q.Why = r.Topic.Service, r.Topic.Language, f.Why(r)
	q.Version += "-" + q.Why
	switch {
	case q.Said != "":
	case len(r.Description) > maxText:
		q.Said = r.Preview()
	default:
		q.Description = r.Description
	}
	return q
}
