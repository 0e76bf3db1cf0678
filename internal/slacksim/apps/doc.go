// Package apps keeps a simulated Slack's apps, where they are installed, and
// the codes and tokens that they were given. An app is one thing, however many
// workspaces have it: its addresses, secrets and sockets are its own, and each
// installation has a bot, a token and scopes.
//
// Rows are replaced, never changed. Writing is for operations of package world,
// which write one after the other; reading is for everybody.
package apps
