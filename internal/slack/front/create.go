package front

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/served"
	"caseline/internal/mrkdwn"
	"caseline/internal/slack/adding"
	"caseline/internal/slack/answering"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/reading"
	"caseline/internal/slack/sharing"
	"caseline/internal/slack/view"
	"caseline/internal/slack/view/turn"
	"caseline/internal/slack/wire"
)

// draftKind is what a draft of a new case is.
const draftKind = "create"

// draftID is the draft of a form: two that are open at once have their own.
func draftID(viewID string) string { return draftKind + " " + viewID }

// A filling is the form of a new case as somebody fills it in: what was entered
// in the steps before and what stands in this one.
type filling struct {
	wire.Interaction
	spot
	self   served.Workspace
	user   string
	step   string
	origin desk.Origin
	form   view.NewCaseForm
}

// filling reads a form that came back. With an error it has the step only.
func (f *Front) filling(ctx context.Context, in wire.Interaction) (l filling, err error) {
	w := desk.WorkspaceID(in.Workspace())
	self, known := f.installed.Find(w)
	entered, step, thread := view.ReadCreateForm(in.View.PrivateMetadata)
	l = filling{Interaction: in, step: step}
	asked, ok := ident.Split(entered.Asked)
	if !known || !ok || asked.Workspace != w || !ident.Valid(in.User.ID) {
		f.log.Warn("form not understood", slog.String("workspace", string(w)))
		return l, refuse(desk.ErrInvalid, "This form is too old to be used. Please open a new one.")
	}
	at, err := f.spot(ctx, w, asked.Channel, ident.Person(w, in.User.ID))
	if err != nil {
		return l, err
	}
	if err := at.requireAny(served.MayCreate); err != nil {
		return l, err
	}
	accounts, err := f.accounts(ctx, at)
	if err != nil {
		return l, err
	}
	draft, err := f.drafts.Find(ctx, draftID(in.View.ID))
	switch {
	case errors.Is(err, desk.ErrNotFound) && step != view.StepWhat:
		return l, refuse(desk.ErrTooLate, "This form was open for too long. Please open a new one.")
	case err == nil:
		if err := json.Unmarshal([]byte(draft.Body), &entered); err != nil {
			return l, err
		}
	case !errors.Is(err, desk.ErrNotFound):
		return l, err
	case entered.Related != "":
		if err := f.likeRelated(ctx, &entered); err != nil {
			return l, err
		}
	}
	message := view.ReadCreateMessage(in.View.PrivateMetadata)
	if entered.Source == nil && message != "" {
		if err := f.takeMessage(ctx, message, at.who, &entered); err != nil {
			return l, err
		}
	}
	l = filling{
		Interaction: in, spot: at, self: self, user: in.User.ID, step: step, origin: ident.FormOrigin(w, in.View.ID),
		form: view.NewCaseForm{
			NewCase: entered, Accounts: accounts, Chat: len(at.may(served.MayChat)) > 0, Thread: thread, Catalogue: f.book.Catalogue(), Message: message, Mail: f.mail,
		},
	}
	l.read()
	return l, f.hours(ctx, &l.form, step)
}

// read takes in what stands in the form's step.
func (l *filling) read() {
	n, state := &l.form.NewCase, l.View.State
	typed := func(block, action string) string { return state.Get(block, action).One() }
	switch l.step {
	case view.StepWhat:
		n.Account = desk.AccountID(typed(view.FieldAccount, view.FieldAccount))
		n.Subject, n.Description = typed(view.FieldSubject, view.FieldSubject), typed(view.FieldDescription, view.FieldDescription)
		if l.has(view.FieldCarried) {
			n.Carried = nil
			for _, o := range state.Get(view.FieldCarried, view.FieldCarried).SelectedOptions {
				n.Carried = append(n.Carried, o.Value)
			}
		}
	case view.StepAbout:
		n.IssueType = typed(view.FieldIssueType, view.FieldIssueType)
		n.Service = typed(n.ServiceBlock(), view.FieldService)
		n.Category = typed(n.CategoryBlock(), view.FieldCategory)
		n.Severity = desk.Severity(typed(view.FieldSeverity, view.FieldSeverity))
	case view.StepHow:
		n.Language, n.CC = typed(view.FieldLanguage, view.FieldLanguage), typed(view.FieldCC, view.FieldCC)
		n.Contact = typed(view.FieldContact, view.ActionContact)
		n.Place = desk.PlaceKind(typed(view.FieldPlace, view.FieldPlace))
		n.Members = state.Get(view.FieldMembers, view.FieldMembers).SelectedUsers
		if files := ident.Files(state.Get(view.FieldFiles, view.FieldFiles).Files, l.origin); len(files) > 0 {
			n.Files = files
		}
	}
}

// hours notes in a form whether somebody is there now for the case: whether it is in
// hours, and where there is live chat, whether an agent could take it.
func (f *Front) hours(ctx context.Context, form *view.NewCaseForm, step string) error {
	if step == view.StepWhat { // neither it nor the next says so
		return nil
	}
	language := form.Language
	if language == "" {
		language = form.Catalogue.Languages[0].Code // what the form begins with; a catalogue has one
	}
	c := desk.Case{Account: form.Account, IssueType: form.IssueType, Service: form.Service, Category: form.Category, Severity: form.Severity, Language: language}
	if h, always := form.Catalogue.HoursOf(form.IssueType, language); !always {
		if open, next := h.Next(f.now()); !open {
			form.Away = view.Away(form.Catalogue.Topic(&c), next, "You can create the case all the same.")
			return nil
		}
	}
	if !form.Chat {
		return nil
	}
	t, err := f.foresee(ctx, c)
	form.Away = turn.Ahead(t)
	return err
}

// submitCase goes on to the next step, or opens the case that was reviewed; or
// it says what is wrong.
func (f *Front) submitCase(ctx context.Context, in wire.Interaction) *FormAnswer {
	l, err := f.filling(ctx, in)
	if err == nil {
		if l.step == view.StepReview {
			if err = f.open(ctx, l); err == nil {
				return nil
			}
		} else if err = l.check(f.book); err == nil {
			if err = f.keep(ctx, l); err == nil {
				next := view.CreateForm(l.form, l.next())
				return &FormAnswer{Action: "update", View: &next}
			}
		}
	}
	return f.wrong(l, err)
}

// next is the step after the one that was filled in. What a step begins with
// is set there.
func (l *filling) next() string {
	switch l.step {
	case view.StepWhat:
		if _, ok := l.form.Catalogue.IssueType(l.form.IssueType); !ok {
			l.form.IssueType = l.form.Catalogue.IssueTypes[0].Code
		}
		return view.StepAbout
	case view.StepAbout:
		return view.StepHow
	}
	return view.StepReview
}

// wrong says what is wrong beside the field it is about, or in the form's place
// when it is about none that the form shows.
func (f *Front) wrong(l filling, err error) *FormAnswer {
	r, refused := errors.AsType[*desk.Refusal](err)
	block := ""
	if refused {
		block = l.block(r.Field)
	}
	switch {
	case block != "":
		return &FormAnswer{Action: "errors", Errors: map[string]string{block: r.Message}}
	case refused || l.step == view.StepReview || l.step == "":
		instead := view.Sorry("Not this time", f.sentence(err))
		return &FormAnswer{Action: "update", View: &instead}
	}
	// The form stays open, so that nothing typed is lost.
	first := map[string]string{view.StepWhat: view.FieldSubject, view.StepAbout: view.FieldIssueType, view.StepHow: view.FieldLanguage}
	return &FormAnswer{Action: "errors", Errors: map[string]string{first[l.step]: f.sentence(err)}}
}

// block is the block of a field in the step that is shown; empty if it is in
// none.
func (l *filling) block(field string) string {
	n := l.form.NewCase
	blocks := map[string][]string{
		view.StepWhat:  {view.FieldAccount, view.FieldSubject, view.FieldDescription},
		view.StepAbout: {view.FieldIssueType, view.FieldService, view.FieldCategory, view.FieldSeverity},
		view.StepHow:   {view.FieldLanguage, view.FieldContact, view.FieldCC},
	}
	switch {
	case !slices.Contains(blocks[l.step], field):
		return ""
	case field == view.FieldAccount && len(l.form.Accounts) < 2:
		return ""
	case field == view.FieldService, field == view.FieldCategory && !l.has(n.CategoryBlock()):
		return n.ServiceBlock()
	case field == view.FieldCategory:
		return n.CategoryBlock()
	}
	return field
}

// has reports whether the form that came back has a block.
func (l *filling) has(block string) bool {
	return slices.ContainsFunc(l.View.State, func(e wire.Entered) bool { return e.BlockID == block })
}

// check says what is wrong with a step.
func (l *filling) check(b book) error {
	account, err := l.account(string(l.form.Account))
	if err != nil {
		return err
	}
	l.form.Account = account
	chat := l.step == view.StepHow && l.form.Contact == view.ContactChat
	err = l.mayOpen(account, chat)
	if r, ok := errors.AsType[*desk.Refusal](err); ok && chat && r.Field != "" {
		return &desk.Refusal{Kind: r.Kind, Field: view.FieldContact, Message: r.Message} // the account is chosen already
	}
	if err != nil {
		return err
	}
	asked := l.asks()
	switch l.step {
	case view.StepWhat:
		asked.Severity = desk.SeverityNormal // chosen in the next step
		_, _, err = desk.OpenCase(asked, time.Time{})
	case view.StepAbout:
		asked.Language = b.Catalogue().Languages[0].Code // likewise
		err = b.Catalogue().Accepts(&asked, false)
	case view.StepHow:
		if err = b.Catalogue().Accepts(&asked, chat); err == nil {
			_, err = desk.ReadCC(l.form.CC)
		}
	}
	return err
}

// asks is the case that the form describes.
func (l *filling) asks() desk.NewCase {
	n := l.form.NewCase
	description := mrkdwn.FromSlack(mrkdwn.Escape(n.Description), nil)
	if s := n.Source; s != nil && strings.TrimSpace(s.Shown) == strings.TrimSpace(n.Description) {
		description = s.Markdown // nobody changed it, so it is what the message says
	}
	return desk.NewCase{
		Account: n.Account, Subject: n.Subject, Description: description,
		IssueType: n.IssueType, Service: n.Service, Category: n.Category, Severity: n.Severity, Language: n.Language,
	}
}

// open opens the case that was reviewed. The catalogue and what is allowed may
// have changed meanwhile.
func (f *Front) open(ctx context.Context, l filling) error {
	n, asked := l.form.NewCase, l.asks()
	chat := n.Contact == view.ContactChat
	if err := l.mayOpen(n.Account, chat); err != nil {
		return err
	}
	if err := f.book.Catalogue().Accepts(&asked, chat); err != nil {
		return err
	}
	cc, err := desk.ReadCC(n.CC)
	if err != nil {
		return err
	}
	opened := casework.Open{
		Account: n.Account, Workspace: l.self.ID, Asked: l.place, Requester: l.who,
		Subject: asked.Subject, Description: asked.Description, Severity: asked.Severity,
		IssueType: n.IssueType, Service: n.Service, Category: n.Category, Language: n.Language,
		CC: cc, Related: n.Related, Files: append(l.carried(), n.Files...), Chat: chat, Origin: l.origin,
	}
	if chat {
		if err := f.mayUse(ctx, n.Place, l.place); err != nil {
			return err
		}
		opened.Kind, opened.Members = n.Place, members(n.Members, l.self, l.user)
	}
	if _, err := f.cases.Open(ctx, opened); err != nil {
		return err
	}
	if err := f.drafts.Drop(ctx, draftID(l.View.ID)); err != nil {
		f.log.Warn("draft not dropped", slog.Any("err", err)) // it goes after a day
	}
	return nil
}

// carried are the message's files that come along. They come from this form: the
// same may be on another case.
func (l *filling) carried() []desk.NewFile {
	files := l.form.CarriedFiles()
	for i := range files {
		files[i].Origin = ident.FileOrigin(l.origin, files[i].SlackID)
	}
	return files
}

// keep keeps what was entered so far.
func (f *Front) keep(ctx context.Context, l filling) error {
	body, err := json.Marshal(l.form.NewCase)
	if err != nil {
		return err
	}
	return f.drafts.Keep(ctx, personal.Draft{ID: draftID(l.View.ID), Owner: l.who, Kind: draftKind, Body: string(body)})
}

// offer has a form offer what the person has begun in the channel and not sent.
func (f *Front) offer(ctx context.Context, form *view.NewCaseForm, who desk.PersonID) {
	all, err := f.drafts.Of(ctx, who)
	if err != nil {
		f.log.Warn("drafts not read", slog.Any("err", err)) // the form opens without
		return
	}
	for _, d := range all {
		var n view.NewCase
		if d.Kind == draftKind && json.Unmarshal([]byte(d.Body), &n) == nil && n.Asked == form.Asked {
			form.Begun, form.BegunWith = d, n.Subject
			return
		}
	}
}

// choose does what is chosen or pressed in a form or a window. What was entered
// stays, because Slack keeps it by the fields' names.
func (f *Front) choose(ctx context.Context, in wire.Interaction) {
	var next view.View
	var err error
	switch {
	case in.View.CallbackID == view.CallbackCreate:
		next, err = f.chosen(ctx, in)
	case in.View.CallbackID == reading.Callback:
		next, err = f.pressInCase(ctx, in)
	case answering.Fills(in.View):
		if next, err = f.answerer().Choose(ctx, in); err != nil {
			f.log.Info("form not redrawn", slog.Any("err", err)) // what is typed stays; sending it will tell
			return
		}
	}
	if err != nil {
		next = view.Sorry("Not this time", f.sentence(err))
	}
	if next.Type == "" {
		return
	}
	err = f.slack.UpdateView(ctx, in.View.ID, in.View.Hash, next)
	if err != nil && api.Code(err) != "hash_conflict" { // a later choice was faster
		f.log.Warn("form not redrawn", slog.Any("err", err))
	}
}

// chosen is how the form is to look now; the zero View if it stays as it is.
func (f *Front) chosen(ctx context.Context, in wire.Interaction) (view.View, error) {
	l, err := f.filling(ctx, in)
	if err != nil {
		return view.View{}, err
	}
	action, step := in.Actions[0], l.step
	switch action.ActionID {
	case view.ActionContact:
		l.form.Contact = action.One()
	case view.FieldIssueType:
		l.form.IssueType, l.form.Service, l.form.Category = action.One(), "", ""
	case view.FieldService:
		l.form.Service, l.form.Category = action.One(), ""
	case view.ActionEdit:
		step = view.StepWhat
	case view.ActionGoOn:
		return f.goOn(ctx, l, action.One())
	case view.ActionShow:
		return f.show(ctx, l)
	default:
		return view.View{}, nil
	}
	return view.CreateForm(l.form, step), nil
}

// goOn takes up a draft in this form.
func (f *Front) goOn(ctx context.Context, l filling, id string) (view.View, error) {
	d, err := f.drafts.Find(ctx, id)
	if errors.Is(err, desk.ErrNotFound) || err == nil && d.Owner != l.who {
		return view.View{}, refuse(desk.ErrNotFound, "What you had begun is no longer there: drafts are kept for a day. Please open a new form.")
	}
	if err != nil {
		return view.View{}, err
	}
	asked := l.form.Asked
	l.form.NewCase = view.NewCase{}
	if err := json.Unmarshal([]byte(d.Body), &l.form.NewCase); err != nil {
		return view.View{}, err
	}
	l.form.Asked = asked
	if err := f.keep(ctx, l); err != nil {
		return view.View{}, err
	}
	// The first step was complete, or there would be no draft; its fields would
	// stay as they are in this form.
	return view.CreateForm(l.form, l.next()), f.drafts.Drop(ctx, id)
}

// show shows the draft to the channel, once as it is now.
func (f *Front) show(ctx context.Context, l filling) (view.View, error) {
	if err := l.mayOpen(l.form.Account, false); err != nil {
		return view.View{}, err
	}
	body, err := json.Marshal(l.form.NewCase)
	if err != nil {
		return view.View{}, err
	}
	at, _ := ident.Split(l.place)
	m := view.Draft(l.form, l.user)
	err = f.sharer().Share(ctx, sharing.Draft(string(l.self.ID), l.View.ID, body), api.Post{Channel: string(at.Channel), Text: m.Text, Blocks: m.Blocks})
	if err != nil && !errors.Is(err, sharing.ErrAlready) {
		return view.View{}, err
	}
	l.form.Shared = true
	return view.CreateForm(l.form, view.StepReview), nil
}

// An Offer is what a menu offers for what was typed.
type Offer struct {
	Options []view.Option `json:"options"`
}

// maxOffer is how many options Slack takes.
const maxOffer = 100

// Suggest offers what fits what was typed in a menu: services, of which the
// block says of which issue type and which in the search form are those of all,
// or cases to which a message can be added.
func (f *Front) Suggest(ctx context.Context, in wire.Interaction) Offer {
	o := Offer{Options: []view.Option{}}
	if in.View != nil && in.View.CallbackID == adding.Callback {
		o.Options = append(o.Options, f.adder().Suggest(ctx, in)...)
		return o
	}
	if in.BlockID == view.FieldService && in.ActionID == view.FieldService && f.book != nil {
		for _, m := range f.book.Matters(in.Typed, maxOffer) {
			o.Options = append(o.Options, view.MatterOption(m))
		}
		return o
	}
	issueType, ok := strings.CutPrefix(in.BlockID, view.FieldService+":")
	if !ok || in.ActionID != view.FieldService {
		return o
	}
	for _, s := range f.book.Services(issueType, in.Typed, maxOffer) {
		o.Options = append(o.Options, view.ServiceOption(s))
	}
	return o
}
