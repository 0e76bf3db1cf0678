package reports

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/report"
)

// between stands between the fields of packed facts, and never in one.
const between = "\x1f"

// A packer writes fields one after the other.
type packer struct{ strings.Builder }

func (p *packer) text(all ...string) {
	for _, s := range all {
		p.WriteString(strings.ReplaceAll(s, between, " "))
		p.WriteString(between)
	}
}

func (p *packer) numbers(all ...int64) {
	for _, n := range all {
		p.WriteString(strconv.FormatInt(n, 10))
		p.WriteString(between)
	}
}

// packCase is how the facts of a case are stored.
func packCase(p *packer, c *report.CaseFact) {
	p.text(string(c.Case), string(c.Number), string(c.Account), c.IssueType, c.Service, c.Category, c.Language, string(c.Severity), string(c.AnsweredBy), string(c.Agent))
	p.numbers(micros(c.OpenedAt), micros(c.AnsweredAt), micros(c.SettledAt), micros(c.ResolvedAt), int64(c.Reopened))
}

// packChat is how the facts of a chat are stored: before those of its case.
func packChat(p *packer, k *report.ChatFact) {
	p.text(string(k.Chat), string(k.Agent), string(k.Reason))
	p.numbers(micros(k.RequestedAt), micros(k.JoinedAt), micros(k.AnsweredAt), micros(k.EndedAt), micros(k.Since), k.Handled.Microseconds(),
		int64(k.Handed), int64(k.Returned), int64(k.Theirs), int64(k.Ours))
}

// An unpacker reads fields one after the other.
type unpacker struct {
	rest string
	err  error
}

func (u *unpacker) text() string {
	field, rest, found := strings.Cut(u.rest, between)
	if !found && u.err == nil {
		u.err = fmt.Errorf("packed facts end early")
	}
	u.rest = rest
	return field
}

func (u *unpacker) number() int64 {
	n, err := strconv.ParseInt(u.text(), 10, 64)
	if err != nil && u.err == nil {
		u.err = fmt.Errorf("packed facts: %w", err)
	}
	return n
}

func (u *unpacker) time() time.Time { return instant(u.number()) }

func (u *unpacker) caseFact() report.CaseFact {
	return report.CaseFact{
		Case: desk.CaseID(u.text()), Number: desk.CaseNumber(u.text()), Account: desk.AccountID(u.text()), IssueType: u.text(), Service: u.text(),
		Category: u.text(), Language: u.text(), Severity: desk.Severity(u.text()), AnsweredBy: desk.AgentID(u.text()), Agent: desk.AgentID(u.text()),
		OpenedAt: u.time(), AnsweredAt: u.time(), SettledAt: u.time(), ResolvedAt: u.time(), Reopened: int(u.number()),
	}
}

func (u *unpacker) chatFact() report.ChatFact {
	return report.ChatFact{
		Chat: desk.ChatID(u.text()), Agent: desk.AgentID(u.text()), Reason: desk.EndReason(u.text()),
		RequestedAt: u.time(), JoinedAt: u.time(), AnsweredAt: u.time(), EndedAt: u.time(), Since: u.time(),
		Handled: time.Duration(u.number()) * time.Microsecond, Handed: int(u.number()), Returned: int(u.number()), Theirs: int(u.number()), Ours: int(u.number()),
	}
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
