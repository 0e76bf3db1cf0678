package keep

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"

	"caseline/internal/casework"
	"caseline/internal/console/acts"
	"caseline/internal/console/drawn"
	"caseline/internal/console/form"
	"caseline/internal/console/tongue"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/web"
)

func isInvalid(err error) bool { return errors.Is(err, desk.ErrInvalid) }

// maxBulk is how many cases something is done to at once.
const maxBulk = 100

// An outcome is what became of one case.
type outcome struct {
	Number  desk.CaseNumber
	Subject string
	Wrong   bool // it could not be done
	Says    string
	Open    bool // it may be tried again: nobody refused it
}

// bulkPage tells what became of each case.
type bulkPage struct {
	work.Frame
	What     string
	Outcomes []outcome
	Back     string
	Ask      string     // what is asked before anything is done; empty when it is done
	Again    url.Values // the form, to be sent again
}

// Undone counts the cases to which nothing was done.
func (p bulkPage) Undone() int {
	n := 0
	for _, o := range p.Outcomes {
		if o.Wrong {
			n++
		}
	}
	return n
}

// postBulk does one thing to the cases in the fields "case", and tells for each
// whether it was done and why not.
func (s rooms) postBulk(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	numbers := r.PostForm["case"]
	switch {
	case len(numbers) == 0:
		return &desk.Refusal{Kind: desk.ErrInvalid, Field: "case", Message: "Choose the cases first: tick them in the list."}
	case len(numbers) > maxBulk:
		return &desk.Refusal{Kind: desk.ErrInvalid, Field: "case", Message: fmt.Sprintf("Choose at most %d cases at once.", maxBulk)}
	}
	do, err := s.deed(r, who)
	if err != nil {
		return err
	}
	f, err := s.Frame(r, who, "cases", "Several cases")
	if err != nil {
		return err
	}
	return s.bulk(w, r, f, do, numbers)
}

// bulk asks before a deed, or does it to one case after the other. An error that is
// no refusal ends it: what was done until then is done, and the page says of each case
// how it stands and lets the rest be tried again. Trying again does nothing twice.
func (s rooms) bulk(w http.ResponseWriter, r *http.Request, f work.Frame, do deed, numbers []string) error {
	page := bulkPage{Frame: f, What: f.Text(do.name), Back: web.LocalPath(r.PostForm.Get("back"))}
	if r.PostForm.Get("sure") == "" && do.ask != "" {
		page.Ask, page.Again = f.Text(do.ask), r.PostForm
	}
	var broken error
	for _, number := range numbers {
		o := outcome{Number: desk.CaseNumber(number)}
		if broken != nil {
			o.Wrong, o.Open, o.Says = true, true, f.Say("Not tried.")
			page.Outcomes = append(page.Outcomes, o)
			continue
		}
		err := s.one(r, f, do, page.Ask != "", &o)
		if why, refused := errors.AsType[*desk.Refusal](err); refused {
			o.Wrong, o.Says = true, f.Told(why.Message)
		} else if err != nil {
			broken = err
			o.Wrong, o.Open, o.Says = true, true, f.Say("There was an error here, so it may or may not have been done.")
		}
		page.Outcomes = append(page.Outcomes, o)
	}
	if broken == nil {
		return s.Show(w, http.StatusOK, "bulk", page)
	}
	s.Log.LogAttrs(r.Context(), slog.LevelError, "bulk action failed", slog.String("path", r.URL.Path), slog.Any("err", broken))
	page.Again = url.Values{"sure": {"1"}}
	for name, values := range r.PostForm {
		page.Again[name] = values
	}
	page.Again["case"] = page.open()
	return s.Show(w, http.StatusInternalServerError, "bulk", page)
}

// open are the numbers of the cases that may be tried again.
func (p bulkPage) open() (numbers []string) {
	for _, o := range p.Outcomes {
		if o.Open {
			numbers = append(numbers, string(o.Number))
		}
	}
	return numbers
}

// Broken reports whether an error ended it.
func (p bulkPage) Broken() bool { return len(p.open()) > 0 }

// one does a deed to the case of an outcome, or only finds it when there is a question
// first.
func (s rooms) one(r *http.Request, f work.Frame, do deed, asking bool, o *outcome) error {
	c, err := s.Read.CaseByNumber(r.Context(), o.Number)
	if err != nil {
		return form.Missing(err, "There is no case "+string(o.Number)+".")
	}
	o.Number, o.Subject = c.Number, c.Subject
	if asking {
		return nil
	}
	origin, err := form.Origin(r.PostForm.Get("token") + "-" + string(o.Number))
	if err != nil {
		return err
	}
	o.Says, err = do.to(c, origin)
	return err
}

// A deed is what is done to each case; it returns what became of it.
type deed struct {
	name, ask string // what it is called, and what is asked before
	to        func(c desk.Case, origin desk.Origin) (string, error)
}

// deed is what the field "do" names.
func (s rooms) deed(r *http.Request, who desk.Agent) (deed, error) {
	ctx, t := r.Context(), tongue.From(r.Context())
	switch r.PostForm.Get("do") {
	case "resolve":
		return deed{tongue.Mark("Resolve cases"), tongue.Mark("Resolve these cases? Running chats end, and the requesters are told in Slack."), func(c desk.Case, origin desk.Origin) (string, error) {
			if err := acts.MayAct(c, who); err != nil || !c.Open() {
				return t.Say("It was resolved already."), err
			}
			_, _, err := s.Cases.Resolve(ctx, casework.Resolve{Target: casework.Target{Case: c.ID}, Seen: casework.SeenIn(&c), By: desk.ByAgent(who), Origin: origin})
			return t.Say("Resolved."), err
		}}, nil
	case "severity":
		to := desk.Severity(r.PostForm.Get("severity"))
		return deed{tongue.Mark("Change the severity"), "", func(c desk.Case, origin desk.Origin) (string, error) {
			_, err := s.Cases.SetSeverity(ctx, casework.SetSeverity{Case: c.ID, By: who, Severity: to, Origin: origin})
			return t.Say("Changed."), err
		}}, nil
	case "snooze":
		face := drawn.Clockface{Tongue: t, Zone: drawn.ZoneOf(r), Now: s.Now()}
		until, err := acts.Until(r, face)
		return deed{tongue.Mark("Put away"), "", func(c desk.Case, _ desk.Origin) (string, error) {
			return face.Say("Put away until %s.", face.Full(until)), s.Do.Snooze(ctx, who, c.ID, until)
		}}, err
	case "hand":
		to := desk.AgentID(r.PostForm.Get("to"))
		return deed{tongue.Mark("Hand over chats"), tongue.Mark("Hand these chats over? The requesters are told in Slack."), func(c desk.Case, origin desk.Origin) (string, error) {
			if c.Chat.State != desk.ChatInProgress {
				return "", &desk.Refusal{Kind: desk.ErrConflict, Message: "No chat is running, so there is nothing to hand over."}
			}
			if err := acts.MayHand(c, who); err != nil {
				return "", err
			}
			_, err := s.Cases.HandOver(ctx, casework.HandOver{Case: c.ID, Seen: casework.SeenIn(&c), By: who, To: to, Origin: origin})
			return t.Say("Handed over."), form.Missing(err, "There is no such agent any more. Choose somebody else.")
		}}, nil
	}
	return deed{}, &desk.Refusal{Kind: desk.ErrInvalid, Field: "do", Message: "Choose what is to be done to the cases."}
}
