// Package client is Slack's client as pages in a browser: a person's channels,
// messages, threads, forms and the app's home, drawn by the server and kept
// fresh by a little script. The person is in the address, so two tabs can be
// two people.
//
// In the pane "Simulation" a person plays Slack itself: what happens to the
// channel, to an app, to the whole of Slack. Whoever plays need not be an admin
// there.
//
// It reads from packages world and screen and acts through package person; it
// keeps nothing of its own. A page is cut into regions (sidebar, main, side,
// modal). The live stream carries hints of what changed, never content; the
// script then fetches the regions concerned and lays them over what is shown.
// After a reconnect it fetches all of them, so that no gap can stay.
//
// Invariants: texts reach the page only through packages markup and kit and
// html/template; no inline script or style, so that the strict policy holds;
// reading (GET) changes nothing.
package client
