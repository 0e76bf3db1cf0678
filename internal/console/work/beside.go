package work

import (
	"strconv"

	"caseline/internal/console/record"
	"caseline/internal/desk"
)

// A WorkRow is a row of the work list beside a case. It is flat and written
// out, as an entry of the log is: every page of a case has a hundred of them.
type WorkRow struct {
	ID                    desk.CaseID
	Seq                   int64
	Number                desk.CaseNumber
	Subject, Name         string
	Severity              desk.Severity
	SeverityName, Version string
	Here, Mine            bool   // it is the case that is open; a chat of the reader's
	Pressing              string // how the wait stands to the target; empty if nobody waits
	Returned              bool   // to the queue
	Target                int    // seconds
	Due, Why              string // how the wait stands to it; whose it is, or why it has no agent
	At, Time              string // since when somebody waits, or of the last change
	State, Title          string // in a word or by names, in place of a time; more about it
}

// A WorkList is what stands beside a case.
type WorkList struct {
	Waiting, Mine, Recent []WorkRow
	Next                  bool   // the reader may take what is next
	Queued                int    // how many wait, of whom Waiting are the first
	After                 string // where the others are listed; empty if there are none
}

// WorkList returns the work at hand as it stands beside a case.
func (f Frame) WorkList() WorkList {
	return WorkList{
		Waiting: f.beside(f.Waiting), Mine: f.beside(f.Mine), Recent: f.beside(f.Recent),
		Next: len(f.Waiting) > 0 && f.Answers(), Queued: f.Queued, After: f.QueueAfter(),
	}
}

func (f Frame) beside(rows []Row) []WorkRow {
	out := make([]WorkRow, len(rows))
	for i := range rows {
		out[i] = f.workRow(&rows[i])
	}
	return out
}

func (f Frame) workRow(r *Row) WorkRow {
	w := WorkRow{
		ID: r.ID, Seq: r.LastSeq, Number: r.Number, Subject: r.Subject, Name: r.By.Name, Severity: r.Severity,
		SeverityName: f.Say("%s: %s", f.Text(record.SeverityName(r.Severity)), f.Text(r.Level.Name)), Here: r.ID == f.Current, Mine: r.Mine,
	}
	w.Version = strconv.FormatInt(r.Revision, 10) + "-" + r.By.Name + "-" + strconv.FormatBool(w.Here)
	running := r.Chat.State == desk.ChatInProgress
	if running && r.Chat.Away {
		w.Title = f.Say("%s’s console has lost the connection", r.Chat.AgentName)
	}
	switch {
	case r.Chat.State == desk.ChatRequested:
		w.Pressing, w.Target, w.Returned = r.Pressing(f.Now), r.Target(), r.Chat.Returned
		w.At, w.Time = f.ISO(r.Chat.Since()), f.Since(r.Chat.Since())
		w.Due, w.Why = r.Due(f.Now), f.Why(r)
		w.Version += "-" + w.Why
	case r.Status == desk.StatusResolved:
		w.State = f.Say("Resolved")
	case running && !r.Mine:
		w.State = r.Held()
	default:
		w.At, w.Time = f.ISO(r.ChangedAt), f.Stamp(r.ChangedAt)
	}
	return w
}
