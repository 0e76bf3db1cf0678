package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"caseline/internal/app"
	"caseline/internal/casework/setup"
	"caseline/internal/config"
	"caseline/internal/desk/served"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
	"caseline/internal/store/storetest"
)

// words splits a command line; a name in single quotes is one word.
func words(line string) []string {
	var all []string
	for _, w := range regexp.MustCompile(`'[^']*'|\S+`).FindAllString(line, -1) {
		all = append(all, strings.Trim(w, "'"))
	}
	return all
}

// installApp writes a configuration and a database in which the app is installed
// in one or two workspaces, and returns the configuration's path.
func installApp(t *testing.T, url string, workspaces ...served.Workspace) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "caseline.yaml")
	text := "data_dir: " + t.TempDir() + "\nslack: {bot_token: xoxb-1, signing_secrets: [\"0123456789abcdef\"]}\n"
	if url != "" {
		text += "database: {url: \"" + url + "\"}\n"
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = app.WithSetup(t.Context(), *cfg, func(s *sqlstore.Store, _ *setup.Service) error {
		return s.Update(t.Context(), func(tx store.Tx) error {
			for i := range workspaces {
				if err := tx.SaveWorkspace(t.Context(), &workspaces[i]); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// story runs commands one after the other and checks what each prints.
func story(t *testing.T, path string, lines []struct {
	line string
	code int
	want string
}) {
	t.Helper()
	for _, l := range lines {
		var out, problem bytes.Buffer
		args := words(l.line)
		code := run(t.Context(), append(args, "--config", path), stdio{strings.NewReader(""), &out, &problem})
		if got := out.String() + problem.String(); code != l.code || !strings.Contains(got, l.want) {
			t.Errorf("%s: got code %d and %q; want %d and %q", l.line, code, got, l.code, l.want)
		}
	}
}

func TestAccountsWorkspacesAndChannelsByCommand(t *testing.T) {
	tell := func(t *testing.T, url string) {
		path := installApp(t, url, served.Workspace{ID: "T1", Name: "Acme", URL: "https://acme.slack.com/"}, served.Workspace{ID: "T2", Name: "Bolt", URL: "https://bolt.slack.com/"})
		story(t, path, []struct {
			line string
			code int
			want string
		}{
			{"account list", 0, "nothing yet"},
			{"account add --id 12", 1, "caseline account: An account's id is 12 digits"},
			{"account add --id 100000000001 --name 'Acme Works'", 0, "Account 100000000001 (Acme Works) is there."},
			{"account add --id 100000000002 --name 'ACME works'", 1, "is called “Acme Works” already"},
			{"account add --id 100000000002", 0, "Account 100000000002 is there."},
			{"account rename --account 100000000002", 1, "Say by --name"},
			{"account rename --account 100000000002 --name Bolt", 0, "People know account 100000000002 as Bolt now."},
			{"account rename --account Nobody --name Bolt", 1, "There is no account “Nobody”"},
			{"workspace link --workspace T1", 1, "Say which account"},
			{"workspace link --account Bolt", 1, "Say which workspace"},
			{"workspace link --account Bolt --workspace T9", 1, "No workspace “T9” is known."},
			{"channel add --account Bolt --channel https://bolt.slack.com/archives/C0123", 1, "not linked to workspace T2"},
			{"workspace link --account bolt --workspace Bolt", 0, "Account 100000000002 (Bolt) is linked to workspace Bolt (T2)."},
			{"workspace list", 0, "T2         Bolt  https://bolt.slack.com/  connected  Bolt"},
			{"channel add --account Bolt --channel #ops", 1, "Name the channel"},
			{"channel add --account Bolt --channel C0123", 1, "not known in which workspace"},
			{"channel add --account Bolt --channel https://bolt.slack.com/archives/C0123 --permissions all", 1, "“all” is not a permission"},
			{"channel add --account Bolt --channel https://bolt.slack.com/archives/C0123 --permissions read,create --notify high --resolved=false --only create=U1,S2", 0, "is served in channel C0123"},
			{"channel add --account Bolt --channel https://app.slack.com/client/T2/C0123", 1, "configured for account Bolt already"},
			{"channel list", 0, "Bolt     T2         C0123          read create  high opened answered  create: T2/U1 S2"},
			{"channel set --account Bolt --workspace T2 --channel C0123 --notify none", 0, "may read create, and is told: none."},
			{"channel set --account Bolt --workspace T2 --channel C0123 --opened", 1, "told of no cases"},
			{"channel set --account Bolt --workspace T2 --channel C0123 --notify all --answered --permissions full --only ''", 0, "may read create reply resolve chat, and is told: all answered."},
			{"channel set --account Bolt --workspace T2 --channel C0123 --only chat", 1, "does not say who alone"},
			{"channel set --account Bolt --workspace T2 --channel C0999 --notify all", 1, "not configured"},
			{"workspace unlink --account Bolt --workspace T2", 1, "has channels configured"},
			{"channel remove --account Bolt --workspace T2 --channel C0123", 0, "no longer served in channel C0123"},
			{"channel remove --account Bolt --workspace T2 --channel C0123", 1, "not configured"},
			{"workspace unlink --account Bolt --workspace T2", 0, "is no longer linked to workspace Bolt (T2)."},
			{"audit", 0, "workspace-unlinked"},
			{"audit --csv --account Bolt --what channel-changed", 0, `""notify"":""none → all answered""`},
			{"audit --json --limit 1", 0, `"via":"command line","what":"workspace-unlinked","account":"100000000002","detail":{"workspace":"T2"}}`},
			{"audit --from 2000-01-01 --to 2000-12-31", 0, "nothing yet"},
			{"audit --from yesterday", 1, "“yesterday” is not a day"},
			{"audit --case 12", 1, "There is no case “12”"},
			{"channel", 2, "Usage: caseline channel list"},
			{"workspace forget", 2, "Usage: caseline workspace list"},
			{"account", 2, "Usage: caseline account list"},
		})
	}
	t.Run("sqlite", func(t *testing.T) { tell(t, "") })
	t.Run("postgres", func(t *testing.T) { tell(t, storetest.PostgresURL(t)) })
}

func TestTheOnlyWorkspaceAndAccountNeedNoName(t *testing.T) {
	path := installApp(t, "", served.Workspace{ID: "T1", Name: "Acme"})
	story(t, path, []struct {
		line string
		code int
		want string
	}{
		{"account add --id 100000000001", 0, "is there"},
		{"workspace link", 0, "is linked to workspace Acme (T1)"},
		{"channel add --channel C0123", 0, "is served in channel C0123"},
		{"channel set --channel C0123 --permissions read-only", 0, "may read, and"},
	})
}
