package work

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"caseline/internal/console/drawn"
	"caseline/internal/console/tongue"
	"caseline/internal/desk/served"
)

// A Health says how things stand between us and Slack. The zero Health is
// good.
type Health struct {
	Since time.Time // Slack has not answered since; zero while it does
	Next  time.Time // when it is tried again; zero when that is not known

	Ahead time.Duration // by how much Slack's clock is ahead of ours, if that is too much; negative when it is behind

	Socket Socket // good also where Slack sends requests

	Install  string   // where the app is installed in workspaces; empty where that is not offered
	Troubles []string // of its installations, in sentences for operators
}

// A Socket says how things stand with the connections over which we hear what
// happens in Slack. The zero Socket is good.
type Socket struct {
	Since  time.Time // there has been none since; zero while there is one
	Next   time.Time // another is tried then; zero when that is not known
	Off    bool      // because Socket Mode is switched off
	Reason string    // Slack's name of why; empty when that is not known
}

// silence is how long Slack may fail to answer before agents are told.
const silence = 5 * time.Second

// A Banner stands above every page while something is the matter.
type Banner struct {
	Level string // bad or warn
	Text  string
	Link  string // where something can be done about it; empty for nowhere
	Do    string // what is done there
}

// banners says what agents must know about the way to Slack.
func (l *Lists) banners(ctx context.Context, face drawn.Clockface) ([]Banner, error) {
	workspaces, err := l.Read.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	var all []Banner
	for _, w := range workspaces {
		if w.State != served.WorkspaceDisconnected {
			continue
		}
		accounts, err := l.Read.AccountsIn(ctx, w.ID)
		if err != nil {
			return nil, err
		}
		if len(accounts) > 0 { // else it was taken away, and nobody is served there
			all = append(all, Banner{Level: "bad", Text: face.Say("%s is disconnected: %s. Its chats have ended, and nothing is sent there until the app is installed again.",
				name(face.Tongue, w), shutOutWords(face.Tongue, w.Reason))})
		}
	}
	h := l.Health()
	if h.Ahead != 0 {
		all = append(all, Banner{Level: "warn", Text: clockWords(face.Tongue, h.Ahead)})
	}
	if off(workspaces) {
		return all, nil
	}
	if s := h.Socket; !s.Since.IsZero() && (s.Off || face.Now.Sub(s.Since) >= silence) {
		all = append(all, unheard(face, s))
	}
	if h.Since.IsZero() || face.Now.Sub(h.Since) < silence {
		return all, nil
	}
	waiting, err := l.Read.OpenWords(ctx)
	if err != nil {
		return nil, err
	}
	return append(all, Banner{Level: "warn", Text: silent(face, h, waiting)}), nil
}

// MailPatience is how long e-mail may wait before operators are told.
const MailPatience = 10 * time.Minute

// mail adds what operators must know of the way to the mail server.
func (l *Lists) mail(ctx context.Context, face drawn.Clockface, all []Banner) ([]Banner, error) {
	waiting, oldest, err := l.Read.MailBacklog(ctx, face.Now.Add(-MailPatience))
	if err != nil || waiting == 0 {
		return all, err
	}
	text := face.Say("%s for the mail server, the oldest since %s. Nothing is lost; why is on the pages of its cases and in the log. Look at the server’s settings for mail.",
		face.Count(waiting, "1 e-mail waits", "%d e-mails wait"), face.Stamp(oldest))
	return append(all, Banner{Level: "warn", Text: text}), nil
}

// off reports whether all workspaces are disconnected, which explains the rest.
func off(all []served.Workspace) bool {
	return len(all) > 0 && !slices.ContainsFunc(all, func(w served.Workspace) bool { return w.State != served.WorkspaceDisconnected })
}

// installs adds what operators must know of where the app is installed.
func (l *Lists) installs(ctx context.Context, face drawn.Clockface, all []Banner) ([]Banner, error) {
	h := l.Health()
	for _, t := range h.Troubles {
		all = append(all, Banner{Level: "warn", Text: face.Told(sentence(t))})
	}
	if h.Install == "" {
		return all, nil
	}
	workspaces, err := l.Read.Workspaces(ctx)
	if err != nil || len(workspaces) > 0 {
		return all, err
	}
	return append(all, Banner{Level: "warn", Text: face.Say("The app is installed in no workspace yet, so nobody can ask for support."), Link: h.Install, Do: face.Say("Install it")}), nil
}

// sentence is a text that begins and ends as a sentence does.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + strings.TrimSuffix(text[size:], ".") + "."
}

// clockWords says that our clock is wrong, and what to do.
func clockWords(t tongue.Tongue, ahead time.Duration) string {
	says := t.Text("This server’s clock is %s behind Slack’s, so what is written near the beginning or the end of a chat may be missing from its record, or in it by mistake. Ask the person who runs the server to set its clock by NTP.")
	if ahead < 0 {
		ahead = -ahead
		says = t.Text("This server’s clock is %s ahead of Slack’s, so what is written near the beginning or the end of a chat may be missing from its record, or in it by mistake. Ask the person who runs the server to set its clock by NTP.")
	}
	by := t.Count(int(ahead.Seconds()), "1 second", "%d seconds")
	if ahead >= 2*time.Minute {
		by = t.Count(int(ahead.Minutes()), "1 minute", "%d minutes")
	}
	return fmt.Sprintf(says, by)
}

// unheard says that nothing comes from Slack, and what to do.
func unheard(face drawn.Clockface, s Socket) Banner {
	since := face.HM(s.Since)
	switch {
	case s.Off:
		return Banner{Level: "bad", Text: face.Say("Since %s nothing that people write or press in Slack arrives here: Socket Mode is switched off in the settings of the app in Slack. Ask the person who runs the server to switch it on; what was written meanwhile is then fetched.", since)}
	case s.Reason != "":
		return Banner{Level: "bad", Text: face.Say("Since %s nothing that people write or press in Slack arrives here: Slack refuses the connection (%s). Ask the person who runs the server to look at the app’s settings in Slack and at its token in the configuration.", since, s.Reason)}
	}
	text := face.Say("Since %s nothing that people write or press in Slack arrives here: there is no connection to Slack. What people write meanwhile is fetched when there is one again.", since)
	if s.Next.After(face.Now) {
		text += " " + face.Say("Next try at %s.", s.Next.In(face.Zone).Format("15:04:05"))
	}
	return Banner{Level: "warn", Text: text}
}

// silent says since when Slack has not answered, what waits, and for how long.
func silent(face drawn.Clockface, h Health, waiting int) string {
	text := face.Say("Slack has not answered since %s.", face.HM(h.Since))
	if waiting > 0 {
		text += " " + face.Count(waiting, "1 message waits; nothing is lost.", "%d messages wait; nothing is lost.")
	}
	if h.Next.After(face.Now) {
		text += " " + face.Say("Next try at %s.", h.Next.In(face.Zone).Format("15:04:05"))
	}
	return text
}

func name(t tongue.Tongue, w served.Workspace) string {
	if strings.TrimSpace(w.Name) != "" {
		return w.Name
	}
	return t.Say("The workspace %s", w.ID)
}

// shutOutWords is Slack's reason for not letting us in, for people.
func shutOutWords(t tongue.Tongue, reason string) string {
	switch reason {
	case "account_inactive":
		return t.Say("the app was uninstalled from it")
	case "token_revoked", "token_expired":
		return t.Say("the app’s token was revoked")
	}
	return t.Say("Slack does not accept the app’s token (%s)", reason)
}
