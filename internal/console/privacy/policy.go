package privacy

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"caseline/internal/console/form"
	"caseline/internal/console/tongue"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/desk/rights"
	"caseline/internal/desk/served"
	"caseline/internal/web"
)

// heldShown is how many held cases a page lists.
const heldShown = 50

// A policyPage is the form of what an account wants kept.
type policyPage struct {
	work.Frame
	Account served.Account
	Typed   typed
	Wrong   wrongs
	Held    []held
	// Now is what the policy would erase at once; shown when it was asked for, and
	// before it is switched on.
	Now       []string
	Ask       bool   // whether to erase that
	Was       string // how the policy was when the form was filled in
	Meanwhile []form.Change
	Since     time.Time
}

// A typed is a policy as it stands in the form.
type typed struct{ Cases, Files, MaxFile, Only, Never, Hold string }

// A held is a case that is held.
type held struct {
	Number desk.CaseNumber
	keeping.Hold
}

func typedOf(p keeping.Policy) typed {
	number := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	return typed{
		Cases: number(int64(p.Cases)), Files: number(int64(p.Files)), MaxFile: number(p.MaxFile >> 20),
		Only: strings.Join(p.Only, ", "), Never: strings.Join(p.Never, ", "), Hold: p.Hold,
	}
}

// stand is how a policy stands in the form.
func (t typed) stand() form.Stand {
	return form.Stand{t.Cases, t.Files, t.MaxFile, t.Only, t.Never, t.Hold}
}

// changes are what somebody else changed while the reader typed.
func (p policyPage) changes(was form.Stand) []form.Change {
	return was.Changes(p.Typed.stand(), p.Say("Days that cases are kept"), p.Say("Days that files are kept"), p.Say("Largest file, in MB"),
		p.Say("Kinds that alone are taken"), p.Say("Kinds that are never taken"), p.Say("Legal hold"))
}

// policy reads what was typed.
func (t typed) policy(account desk.AccountID) (keeping.Policy, error) {
	p := keeping.Policy{Account: account, Only: keeping.Kinds(t.Only), Never: keeping.Kinds(t.Never), Hold: strings.TrimSpace(t.Hold)}
	for _, f := range []struct {
		field, text, sentence string
		set                   func(int)
	}{
		{"cases", t.Cases, tongue.Mark("Write a number of days, or leave it empty to keep cases for ever."), func(n int) { p.Cases = n }},
		{"files", t.Files, tongue.Mark("Write a number of days, or leave it empty to keep files as long as their case."), func(n int) { p.Files = n }},
		{"max_file", t.MaxFile, tongue.Mark("Write a number of megabytes, or leave it empty for what the server takes."), func(n int) { p.MaxFile = int64(n) << 20 }},
	} {
		text := strings.TrimSpace(f.text)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 1<<20 {
			return p, &desk.Refusal{Kind: desk.ErrInvalid, Field: f.field, Message: f.sentence}
		}
		f.set(n)
	}
	return p, p.Validate()
}

func (p *pages) policyPage(r *http.Request, who desk.Agent) (page policyPage, err error) {
	id := desk.AccountID(r.PathValue("account"))
	if page.Account, err = p.Read.Account(r.Context(), id); err != nil {
		return page, missing(err, "There is no such account. Look for it in the setup.")
	}
	if page.Frame, err = p.frame(r, who, "setup", tongue.From(r.Context()).Say("What %s keeps", page.Account.Title())); err != nil {
		return page, err
	}
	policy, err := p.Read.Policy(r.Context(), id)
	if err != nil {
		return page, err
	}
	page.Typed = typedOf(policy)
	page.Was = page.Typed.stand().Text()
	holds, err := p.Read.HoldsOf(r.Context(), id, heldShown)
	if err != nil {
		return page, err
	}
	ids := make([]desk.CaseID, len(holds))
	for i, h := range holds {
		ids[i] = h.Case
	}
	cases, err := p.Read.Cases(r.Context(), ids)
	numbers := map[desk.CaseID]desk.CaseNumber{}
	for _, c := range cases {
		numbers[c.ID] = c.Number
	}
	for _, h := range holds {
		page.Held = append(page.Held, held{numbers[h.Case], h})
	}
	return page, err
}

func (p *pages) getPolicy(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	page, err := p.policyPage(r, who)
	if err != nil {
		return err
	}
	return p.house.Show(w, http.StatusOK, "policy", page)
}

// postPolicy saves a policy, or shows what it would erase: when that is asked for,
// and once before something is erased.
func (p *pages) postPolicy(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	get := r.PostForm.Get
	t := typed{get("cases"), get("files"), get("max_file"), get("only"), get("never"), get("hold")}
	id := desk.AccountID(r.PathValue("account"))
	policy, err := t.policy(id)
	if err != nil {
		return p.policyAgain(w, r, who, t, err, nil)
	}
	if get("do") == "save" || get("do") == "preview" {
		now, err := p.forecast(r, policy)
		if err != nil {
			return err
		}
		erases, err := p.more(r, policy, now)
		if err != nil {
			return err
		}
		if get("do") == "preview" || erases {
			return p.policyAgain(w, r, who, t, nil, func(page *policyPage) {
				page.Ask = erases
				page.Now = now.sentences(page.Frame)
			})
		}
	}
	was, looked := form.StandIn(r)
	still := func(now keeping.Policy) bool { return !looked || was.Holds(typedOf(now).stand()) }
	if err := p.Keep.ChangePolicy(r.Context(), by(who), policy, still); err != nil {
		return p.policyAgain(w, r, who, t, err, nil)
	}
	p.Wake()
	return leave(w, r, "/setup/accounts/"+string(id)+"/policy", "policy")
}

// A forecast is what a policy would erase now.
type forecast struct{ cases, files keeping.Forecast }

func (p *pages) forecast(r *http.Request, policy keeping.Policy) (f forecast, err error) {
	f.cases, f.files, err = p.Keep.Forecast(r.Context(), policy)
	return f, err
}

// more reports whether a policy would erase something that the one in force does
// not.
func (p *pages) more(r *http.Request, policy keeping.Policy, now forecast) (bool, error) {
	was, err := p.Read.Policy(r.Context(), policy.Account)
	if err != nil {
		return false, err
	}
	before, err := p.forecast(r, was)
	return now.cases.Cases > before.cases.Cases || now.files.Cases > before.files.Cases, err
}

func (f forecast) sentences(say work.Frame) []string {
	if f.cases.Cases == 0 && f.files.Cases == 0 {
		return []string{say.Say("It would erase nothing now.")}
	}
	var all []string
	if n := f.cases.Cases; n > 0 {
		all = append(all, say.Count(n, "It would erase the content of 1 case now.", "It would erase the content of %d cases now.")+" "+
			say.Count(f.cases.Entries, "That is 1 entry.", "These are %d entries."))
	}
	if n := f.files.Cases; n > 0 {
		all = append(all, say.Count(n, "It would erase the files of 1 case now.", "It would erase the files of %d cases now."))
	}
	return all
}

func (p *pages) policyAgain(w http.ResponseWriter, r *http.Request, who desk.Agent, t typed, err error, change func(*policyPage)) error {
	why, ok := wrongOf(err, "cases")
	if err != nil && (!ok || web.WantsJSON(r)) {
		return err
	}
	page, broken := p.policyPage(r, who)
	if broken != nil {
		return broken
	}
	was, looked := form.StandIn(r)
	if why["was"] != "" {
		page.Meanwhile = page.changes(was)
	} else if looked {
		page.Was = was.Text()
	}
	page.Typed, page.Wrong = t, why
	status := http.StatusOK
	if err != nil {
		status = web.StatusOf(err)
	}
	if change != nil {
		change(&page)
	}
	return p.house.Show(w, status, "policy", page)
}

// A keepingPage says how long a case is kept.
type keepingPage struct {
	work.Frame
	Case   desk.Case
	Held   bool
	Hold   keeping.Hold
	Until  time.Time // its content is erased; zero is never
	Typed  string
	Wrong  wrongs
	Change bool // the reader may
	Policy keeping.Policy
}

func (p *pages) keepingPage(r *http.Request, who desk.Agent) (page keepingPage, err error) {
	if page.Case, err = p.house.Case(r); err != nil {
		return page, err
	}
	if page.Frame, err = p.frame(r, who, "cases", tongue.From(r.Context()).Say("How long case %s is kept", page.Case.Number)); err != nil {
		return page, err
	}
	page.Change = rights.May(who, rights.Setup)
	page.Hold, err = p.Read.Hold(r.Context(), page.Case.ID)
	page.Held = err == nil
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		return page, err
	}
	page.Policy, err = p.Read.Policy(r.Context(), page.Case.Account)
	if page.Policy.Cases > 0 && !page.Case.ResolvedAt.IsZero() {
		page.Until = page.Case.ResolvedAt.AddDate(0, 0, page.Policy.Cases)
	}
	return page, err
}

func (p *pages) getKeeping(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	page, err := p.keepingPage(r, who)
	if err != nil {
		return err
	}
	return p.house.Show(w, http.StatusOK, "keeping", page)
}

func (p *pages) postHold(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	c, err := p.house.Case(r)
	if err != nil {
		return err
	}
	err = p.Keep.Hold(r.Context(), by(who), c.ID, r.PostForm.Get("reason"))
	if why, ok := wrongOf(err, "reason"); ok && !web.WantsJSON(r) {
		page, broken := p.keepingPage(r, who)
		if broken != nil {
			return broken
		}
		page.Wrong, page.Typed = why, r.PostForm.Get("reason")
		return p.house.Show(w, web.StatusOf(err), "keeping", page)
	}
	if err != nil {
		return err
	}
	return leave(w, r, "/cases/"+string(c.Number)+"/keeping", "held")
}

func (p *pages) postRelease(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, err := p.house.Case(r)
	if err != nil {
		return err
	}
	if err := p.Keep.Release(r.Context(), by(who), c.ID); err != nil {
		return err
	}
	return leave(w, r, "/cases/"+string(c.Number)+"/keeping", "released")
}
