// Package home is the app's home tab, and what people do without being in a
// channel: their open cases, and a new one.
//
// A [Reach] says what somebody may do who is in no channel just now. Everything
// is allowed by channels: a case may be seen and acted on by those who are in the
// channel that asked for it, or in its chat's, as the configuration of the first
// says now, for them; a case may be opened in a configured channel that the person
// is in. Slack is asked which those are.
//
// A [Home] shows the tab. Slack tells when somebody opens it, which is noted in
// the store; those who did so lately are shown it anew when a case of theirs
// changed, at most every few seconds.
//
// Invariants:
//
//   - The store's hints only say to look now. A lost one heals at the next look,
//     and at the start all homes are shown that were open.
//   - Showing a home twice changes nothing, so one that may have arrived is shown
//     again.
//   - Of several nodes each shows the same homes. That costs one call a node and
//     home, of a method with a budget of its own (views.publish), at most every
//     few seconds and for those alone who opened theirs lately. If one node
//     claimed a home instead, a home would stay as it was when that node died
//     before it had shown it, or when its call overtook a later one; now the next
//     showing by any node mends both.
//   - Nothing that people write to the app is kept. They are told where to write.
package home
