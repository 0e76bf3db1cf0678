package mail

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"caseline/internal/desk"
	"caseline/internal/web"
)

// Leaving is the use case behind the pages.
type Leaving interface {
	Unsubscribe(ctx context.Context, id desk.CaseID, address string) (changed bool, err error)
}

// Pages are where links in mail lead. Nobody signs in there: the link says who
// they are.
type Pages struct {
	links Links
	cases interface {
		CaseByNumber(ctx context.Context, number desk.CaseNumber) (desk.Case, error)
	}
	leave Leaving
	kit   *web.Kit
}

// NewPages returns the handler of the pages.
func NewPages(l Links, r Reader, leave Leaving, log *slog.Logger, now func() time.Time, tls bool) http.Handler {
	p := &Pages{links: l, cases: r, leave: leave}
	p.kit = web.NewKit(log, p.problem)
	mux := http.NewServeMux()
	mux.Handle("GET "+Path, p.kit.Handle(p.ask))
	// RFC 8058: a mail program posts here by itself when its reader presses its
	// own button. It sends no cookie and no Origin.
	mux.Handle("POST "+Path, p.kit.Handle(p.post))
	return web.Chain(mux, web.Log(log, now), p.kit.Recover, web.Headers(web.Policy{TLS: tls}), web.LimitBody(maxBody), p.kit.SameOrigin)
}

// maxBody is how much is read of a form that has nothing in it.
const maxBody = 16 << 10

// leaf is what they look like.
//
//archtest:table a leaf is only read
var leaf = web.NewLeaf(`<p>{{.Text}}</p>
{{if .Ask}}<form method="post"><button class="button" type="submit">Get no more e-mail about this case</button></form>{{end}}`, true)

type leaveView struct {
	Title, Text string
	Ask         bool
}

// meant is whom a link is for.
func (p *Pages) meant(r *http.Request) (c desk.Case, address string, err error) {
	gone := &desk.Refusal{Kind: desk.ErrNotFound, Message: "This link is not complete. Open it from the e-mail, or copy all of it."}
	number, address, ok := p.links.Read(r.URL.Query().Get("t"))
	if !ok {
		return desk.Case{}, "", gone
	}
	c, err = p.cases.CaseByNumber(r.Context(), number)
	if errors.Is(err, desk.ErrNotFound) {
		err = gone
	}
	return c, address, err
}

// ask shows what the link is for. It changes nothing: programs that look at mail
// follow links.
func (p *Pages) ask(w http.ResponseWriter, r *http.Request) error {
	c, address, err := p.meant(r)
	if err != nil {
		return err
	}
	return leaf.Show(w, http.StatusOK, leaveView{
		Title: "E-mail about case " + string(c.Number), Ask: true,
		Text: address + " gets e-mail when something is added to this case. You can stop that for this case. Support sees that you did.",
	})
}

// post unsubscribes. To do so again changes nothing.
func (p *Pages) post(w http.ResponseWriter, r *http.Request) error {
	c, address, err := p.meant(r)
	if err != nil {
		return err
	}
	if _, err := p.leave.Unsubscribe(r.Context(), c.ID, address); err != nil {
		return err
	}
	return leaf.Show(w, http.StatusOK, leaveView{
		Title: "No more e-mail about case " + string(c.Number),
		Text:  address + " gets no more e-mail about this case. To get it again, ask Support to add the address.",
	})
}

// problem shows a person why something failed. The error is that the reader has
// gone.
func (p *Pages) problem(w http.ResponseWriter, _ *http.Request, problem web.Problem) {
	_ = leaf.Show(w, problem.Status, leaveView{Title: "That did not work", Text: problem.Message})
}
