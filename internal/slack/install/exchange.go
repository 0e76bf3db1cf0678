package install

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
)

// A refusal is an installation that did not come about, and why.
type refusal struct {
	code string // Slack's, or one of ours
	err  error
}

// Error says what Slack said.
func (r *refusal) Error() string { return fmt.Sprintf("%s: %v", r.code, r.err) }

// Unwrap returns it.
func (r *refusal) Unwrap() error { return r.err }

// Our own codes, beside Slack's.
const (
	notABot    = "not a bot's token"
	notOurs    = "of another app"
	notAnswer  = "slack did not answer"
	notForWhom = "for no workspace and no organisation"
)

// install exchanges what a person consented to for tokens, looks whose they are,
// and keeps them.
func (k *Keeper) install(ctx context.Context, code, redirect string) (served.Installation, error) {
	given, err := k.oauth.Exchange(ctx, code, redirect)
	if err != nil {
		return served.Installation{}, refused(err)
	}
	i, err := installationOf(given)
	if err != nil {
		return i, err
	}
	client, err := k.oauth.Client(given.Token, "")
	if err != nil {
		return i, err
	}
	who, err := client.AuthTest(ctx)
	if err != nil {
		return i, refused(err)
	}
	if who.AppID != "" && who.AppID != i.AppID || who.UserID != i.BotUID || !i.Wide() && who.TeamID != string(i.Workspace) {
		return i, &refusal{notOurs, fmt.Errorf("the token is of %s in %s, and was given as of %s in %s", who.UserID, who.TeamID, i.BotUID, i.ID)}
	}
	i.Expires = k.expires(given)
	k.safe.put(&i, pair{given.Token, given.Refresh})
	by := desk.ByCustomer(ident.Person(desk.WorkspaceID(i.ID), given.By))
	if err := k.cases.Install(ctx, by, i, workspaceOf(i, who)); err != nil {
		return i, err
	}
	k.opt.Log.Info("the app was installed", slog.String("workspace", string(i.ID)))
	k.forget(i.ID)
	return i, nil
}

// forget has everything tried at once that did not go on with the tokens before.
func (k *Keeper) forget(id served.InstallationID) {
	k.settle(id)
	k.mu.Lock()
	delete(k.gifts, id)
	delete(k.renewed, id)
	delete(k.listed, id)
	k.mu.Unlock()
	k.look()
}

// installationOf is what Slack gave, without its tokens.
func installationOf(g api.Given) (served.Installation, error) {
	i := served.Installation{
		Enterprise: g.Enterprise.ID, AppID: g.AppID, BotUID: g.BotUID, Scopes: g.Scopes, InstalledBy: g.By,
	}
	if g.Team.ID != "" && !g.Wide {
		i.ID, i.Workspace, i.Name = served.InstallationID(g.Team.ID), desk.WorkspaceID(g.Team.ID), g.Team.Name
	} else {
		i.ID, i.Name = served.InstallationID(g.Enterprise.ID), g.Enterprise.Name
	}
	switch {
	case i.ID == "":
		return i, &refusal{notForWhom, fmt.Errorf("the answer names neither")}
	case g.Kind != "bot" || !strings.HasPrefix(g.Token, "xoxb-") && !strings.HasPrefix(g.Token, "xoxe.xoxb-") || g.BotUID == "":
		return i, &refusal{notABot, fmt.Errorf("the token's kind is %q", g.Kind)}
	case g.AppID == "":
		return i, &refusal{notOurs, fmt.Errorf("the answer names no app")}
	}
	return i, nil
}

// workspaceOf is the workspace of an installation; nil for an organisation's.
func workspaceOf(i served.Installation, who api.Identity) *served.Workspace {
	if i.Wide() {
		return nil
	}
	return &served.Workspace{ID: i.Workspace, Name: i.Name, URL: who.URL, AppID: i.AppID, BotID: who.BotID, BotUID: i.BotUID}
}

// refused is the refusal that a call of Slack came to.
func refused(err error) error {
	if code := api.Code(err); code != "" {
		return &refusal{code, err}
	}
	return &refusal{notAnswer, err}
}
