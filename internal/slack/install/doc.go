// Package install has our app installed into workspaces by OAuth, and keeps the
// tokens that Slack gives for that.
//
// [Keeper.Pages] are where a person's browser begins and comes back. A [Keeper] opens
// what the database has sealed, refreshes tokens before their time is over, finds
// out into which of an organisation's workspaces it is let, and tells whoever
// serves the workspaces of each [App] that there is or is no more.
//
// Invariants: a token is in memory only, and in the database sealed, about its
// installation and what it is for. Of all nodes one refreshes an installation: it
// claims it in the database, calls Slack outside any transaction, and writes what
// it was given before anybody uses it. If it dies in between, the claim expires
// and another asks again with the same refresh token, which Slack takes for a
// short while. What is written here is told of by package store's hints, so every
// node hears.
//
// Whoever serves a workspace tells [Keeper.Gone] when Slack does not take its token,
// before anything ends there: the token may have been replaced, and only what Slack
// says of that in the database, and of its refresh token, ends an installation.
package install
