package console

import (
	"context"
	"crypto/rand"
	"html/template"
	"net/http"
	"time"

	"caseline/internal/console/acts"
	"caseline/internal/console/drawn"
	"caseline/internal/console/form"
	"caseline/internal/console/keep"
	"caseline/internal/console/record"
	"caseline/internal/console/window"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/rights"
	"caseline/internal/store"
	"caseline/internal/web"
)

// caseView is a case with everything its page shows around the log.
type caseView struct {
	drawn.Clockface
	desk.Case
	Me           desk.Agent
	AccountTitle string
	Level        desk.Level // of its severity
	Levels       func(desk.Severity) desk.Level
	By           record.Author
	Ender        record.Author
	Members      []record.Author
	Chats        []desk.ChatSession
	Ratings      []window.Rated    // of the chats
	Contacts     []contact         // who hears of it besides
	Mail         bool              // by e-mail
	About        string            // the issue type, the service …; may be empty
	Kin          []desk.CaseNumber // the case that it follows, and those that follow it
	Address      string            // where Slack opens the chat's place; may be empty
	Mode         string            // what the agent can do here: see modeOf
	Token        string            // for the form that is sent without a script
	Editing      int64             // the Seq of a message whose words are in the composer; 0 for none
	Why          string            // whose the chat is while it waits, or why it has no agent
	Waits        string            // how many posts wait because of Slack's limits; empty for none
	Draft        string            // what was typed and could not be sent
	DraftError   string
	Jotted       personal.Jotting // what the agent has typed here or on another device
	Snoozed      time.Time        // the agent has put it away until then; zero: they have not
	Undo         int              // seconds for which words can be called back before they are sent
	Earlier      []store.Earlier  // cases of the requester
	EarlierIn    []store.Earlier  // and of others of the account
	Silent       bool             // no agent has answered yet
	Hands        []hand           // to whom the chat can be handed over
	MaxFile      int64            // bytes
	MaxFiles     int              // at once
}

// Action is the address of one of the case's forms.
func (v caseView) Action(name string) string { return "/cases/" + string(v.Number) + "/" + name }

// Target is how many seconds the first answer may take.
func (v caseView) Target() int { return work.Row{Case: &v.Case, Level: v.Level}.Target() }

// Pressing says how the wait stands to the target.
func (v caseView) Pressing() string { return work.Row{Case: &v.Case, Level: v.Level}.Pressing(v.Now) }

// Due says how the wait stands to the target in words.
func (v caseView) Due() string { return work.DueIn(v.Tongue, v.Chat.Since(), v.Level, v.Now) }

// Answers reports whether the reader answers customers, and MayChange whether they
// may change the case. Others look on.
func (v caseView) Answers() bool   { return rights.May(v.Me, rights.Answer) }
func (v caseView) MayChange() bool { return v.Open() && v.Answers() }

// MayEnd reports whether the reader may end the chat or cancel the request.
func (v caseView) MayEnd() bool {
	return v.Answers() && v.Chat.Live() && acts.MayAct(v.Case, v.Me) == nil
}

// Open reports whether the case is not resolved, for the templates.
func (v caseView) Open() bool { return v.Case.Open() }

// MayResolve reports whether the reader may resolve the case.
func (v caseView) MayResolve() bool { return v.MayChange() && acts.MayAct(v.Case, v.Me) == nil }

// Cancels reports whether ending the chat cancels a request that no agent ever
// answered.
func (v caseView) Cancels() bool { return v.Chat.State == desk.ChatRequested && !v.Chat.Returned }

// MayHand reports whether the reader may hand the chat over.
func (v caseView) MayHand() bool {
	return v.Answers() && v.Chat.State == desk.ChatInProgress && acts.MayHand(v.Case, v.Me) == nil
}

// MayLeave reports whether the reader may leave the chat, because another agent
// stays.
func (v caseView) MayLeave() bool { return v.Chat.Has(v.Me.ID) && len(v.Chat.Others) > 0 }

// modeOf says what an agent can do with a case: look only, join, compose, watch another
// agent's chat, or nothing because the chat ended, never was, or the case is
// resolved.
func modeOf(c desk.Case, who desk.Agent) string {
	switch {
	case !rights.May(who, rights.Answer):
		return "look"
	case c.Chat.State == desk.ChatRequested:
		return "join"
	case c.Chat.Has(who.ID):
		return "compose"
	case c.Chat.State == desk.ChatInProgress:
		return "watch"
	case !c.Open():
		return "resolved"
	case c.Chat.State == desk.ChatEnded:
		return "ended"
	}
	return "none"
}

type casePage struct {
	work.Frame
	Beside template.HTML // the work list
	Case   caseView
	Log    []template.HTML // the items of the log, in pieces
	Floor  int64           // the Seq up to which the log is further up; 0: it begins here
	Until  int64           // the Seq up to which the page shows the log; 0: to its end
	Ask    question
}

// Earlier is the number below which the rest of the log stands.
func (p casePage) Earlier() int64 { return p.Floor + 1 }

func (s *Server) getCase(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, err := s.caseOf(r)
	if err != nil {
		return err
	}
	page, err := s.casePage(r, who, c)
	if err != nil {
		return err
	}
	if err := s.opened(r.Context(), page); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, "case", page)
}

// again shows the page of a case in answer to a form.
func (s *Server) again(w http.ResponseWriter, r *http.Request, who desk.Agent, c desk.Case, as acts.Again) error {
	page, err := s.casePage(r, who, c)
	if err != nil {
		return err
	}
	page.Case.Editing = as.Editing
	if as.Typed != "" || as.Editing > 0 {
		page.Case.Draft = as.Typed
	}
	status := http.StatusOK
	if why := as.Wrong; why != nil {
		page.Case.DraftError, status = page.Told(why.Message), web.StatusOf(why)
	}
	if why := as.Notice; why != nil {
		page.Notice, status = page.Told(why.Message), web.StatusOf(why)
	}
	if as.Ask == "" {
		return s.show(w, status, "case", page)
	}
	var ok bool
	if page.Ask, ok = page.Case.question(as.Ask); !ok {
		if as.Refused != nil {
			return as.Refused
		}
		return acts.Done(w, r, c)
	}
	if why := as.Refused; why != nil {
		page.Ask.Error, status = page.Told(why.Message), web.StatusOf(why)
	}
	return s.show(w, status, "ask", page)
}

// caseOf finds the case that the address names, by number or id.
func (s *Server) caseOf(r *http.Request) (desk.Case, error) {
	key := r.PathValue("id")
	if number, ok := desk.ParseCaseNumber(key); ok {
		c, err := s.Read.CaseByNumber(r.Context(), number)
		return c, form.Missing(err, "There is no case "+string(number)+".")
	}
	c, err := s.Read.Case(r.Context(), desk.CaseID(key))
	return c, form.Missing(err, "There is no such case.")
}

// casePage reads and draws the lists beside the case while it reads and draws the
// log.
func (s *Server) casePage(r *http.Request, who desk.Agent, c desk.Case) (page casePage, err error) {
	before, err := windowOf(r, c)
	if err != nil {
		return page, err
	}
	face := s.base(r, c.Subject).Clockface
	var log window.Log
	err = web.Together(func() (err error) {
		if page.Frame, err = s.work.Beside(r, who, c.Subject); err != nil {
			return err
		}
		page.Current = c.ID
		list, err := s.part("case", "worklist", page.Frame)
		page.Beside = template.HTML(list) // the template has escaped what is in it
		return err
	}, func() (err error) {
		if log, err = s.windows().Before(r.Context(), c, before, window.Begun); err != nil {
			return err
		}
		if page.Case, err = s.caseView(r.Context(), face, who, log); err != nil {
			return err
		}
		page.Log, err = s.pages.Log("case", s.shown(log, who, face), face)
		return err
	})
	page.Case.Undo, page.Case.Snoozed = keep.Undo(page.Chosen[keep.UndoKey], s.opt.Undo), page.Away[c.ID]
	page.Case.Why = page.WhyOf(&page.Case.Case)
	page.Floor = log.Floor
	if before <= c.LastSeq {
		page.Until = log.Last
	}
	return page, err
}

// windowOf is the Seq below which a page shows the log of c: its end, or what
// the address says with "before", or with "at" for the middle of the page.
func windowOf(r *http.Request, c desk.Case) (int64, error) {
	before, err := seqParam(r, "before", 0)
	if err != nil {
		return 0, err
	}
	at, err := seqParam(r, "at", 0)
	if err != nil {
		return 0, err
	}
	if at > 0 {
		before = at + window.Begun/2
	}
	if end := c.LastSeq + 1; before <= 0 || before > end {
		return end, nil
	}
	return before, nil
}

func (s *Server) caseView(ctx context.Context, face drawn.Clockface, who desk.Agent, log window.Log) (caseView, error) {
	c := log.Case
	v := caseView{
		Clockface: face, Case: c, Level: s.opt.Level(c.Severity), Levels: s.opt.Level, Me: who, Chats: log.Chats, Ratings: log.Rated(face.Tongue, who.ID), Address: s.opt.Address(c.Place), Mode: modeOf(c, who), Mail: s.opt.Mail, Token: newToken(), MaxFile: s.opt.MaxFile, MaxFiles: form.MaxFiles, Waits: record.Waits(face.Tongue, log.Deliveries, face.Now),
		By:    record.AuthorOf(face.Tongue, desk.ByCustomer(c.Requester), log.People, who.ID),
		Ender: record.AuthorOf(face.Tongue, c.Chat.EndedBy, log.People, who.ID),
	}
	named := s.opt.Named(c)
	v.About = named.About()
	for _, p := range c.Members {
		if p == c.Requester {
			continue
		}
		v.Members = append(v.Members, record.AuthorOf(face.Tongue, desk.ByCustomer(p), log.People, who.ID))
	}
	var err error
	if v.Kin, err = store.KinOf(ctx, s.Read, c); err != nil {
		return v, err
	}
	if v.MayHand() {
		if v.Hands, err = s.hands(ctx, c, who, face.Now); err != nil {
			return v, err
		}
	}
	if v.Contacts, err = s.contacts(ctx, face.Tongue, c); err != nil {
		return v, err
	}
	if err = s.kept(ctx, &v); err != nil {
		return v, err
	}
	v.AccountTitle, err = s.work.AccountTitle(ctx, c.Account)
	return v, err
}

// Lives says where the chat is.
func (v caseView) Lives() string { return drawn.Lives(v.Tongue, v.Case) }

// newToken names one wish of an agent, so that sending it twice is one.
func newToken() string { return rand.Text() }

// Took is how long a chat lasted.
func (v caseView) Took(chat desk.ChatSession) string {
	from := chat.JoinedAt
	if from.IsZero() {
		from = chat.RequestedAt
	}
	if chat.EndedAt.IsZero() {
		return v.Between(from, v.Now)
	}
	return v.Between(from, chat.EndedAt)
}

// EndedLine says how the latest chat ended.
func (v caseView) EndedLine() string {
	switch v.Chat.Reason {
	case desk.EndedNoPlace:
		return v.Say("The chat could not start: Slack did not let us make its channel")
	case desk.EndedCancelled:
		return v.Say("%s cancelled the request", v.Ender.Name)
	case desk.EndedIdle:
		return v.Say("Chat ended because nobody wrote any more")
	case desk.EndedArchived, desk.EndedDeleted, desk.EndedRemoved, desk.EndedOffline:
		who := ""
		if v.Chat.EndedBy.Side == desk.SideCustomer {
			who = v.Ender.Name
		}
		return v.Say("Chat ended: %s", record.LostWords(v.Tongue, v.Chat.Reason, v.PlaceKind, who))
	}
	return v.Say("Chat ended by %s", v.Ender.Name)
}

// EndedMore says what there is of a chat that took place.
func (v caseView) EndedMore() string {
	if v.Chat.JoinedAt.IsZero() {
		return ""
	}
	return v.Say("%s saved.", record.Counts(v.Tongue, v.Chat.Messages, v.Chat.Files))
}

// TargetText says how soon the first answer should come.
func (v caseView) TargetText() string {
	return v.Between(time.Time{}, time.Time{}.Add(v.Level.FirstResponse))
}

// ClockFrom is when the present state of the chat began, for the clock.
func (v caseView) ClockFrom() time.Time {
	if v.Chat.State == desk.ChatInProgress {
		return v.Chat.JoinedAt
	}
	return v.Chat.Since()
}
