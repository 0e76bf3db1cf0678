// Package world is the state of a simulated Slack: workspaces, people, apps,
// channels, messages, threads, pins, files, views, and what has been told to
// whom. It knows no HTTP.
//
// Invariants:
//
//   - One mutex guards everything. An operation holds it from its checks to its
//     last effect, so nobody sees half an operation. Nothing waits for an app or
//     a browser while holding it; the journal is written under it.
//   - What an operation returns is a copy. Nested values (blocks, metadata) are
//     shared and are never changed after they were stored: an edit stores new
//     ones. Readers must not change them either.
//   - An operation either fails with an Err, having changed nothing, or changes
//     state, appends one line to the journal, queues the events that Slack would
//     send, and hints to the subscribers what to look at again.
//   - Timestamps (ts) are unique and increase in the whole world.
//
// What stands only on people's screens (open modals, ephemeral messages) is in
// package screen; what people do in their client goes through package person,
// which turns what they type and press into operations here and requests to
// the app. Pages read here (Sidebar, Browse, Messages, Thread, Members, Pins,
// File, Commands of Apps) and there (Screens.OpenView, Screens.Ephemerals) and
// look again when the feed hints at it. Package webapi is the way in for bots.
package world
