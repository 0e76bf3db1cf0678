// Package socket is the side of Socket Mode that Slack has: the WebSockets that
// apps open with a ticket, and the envelopes that they take and answer there.
//
// An app may have ten connections at once. Each envelope goes to exactly one,
// drawn by chance from a seeded source, and is answered on that one. A
// connection lives for some hours by the simulation's clock, is warned ten
// seconds before its end, and is then asked to make room for another. Pings
// keep the wall clock's time, as those of the clients do, also when the
// simulation's clock stands still.
//
// What goes wrong on demand: Ghost lets a connection stay open and swallow
// everything, Drop cuts one off, Warn and Refresh end all that an app has, Disable
// says that Socket Mode was switched off, Delay lets envelopes be late, Redeliver
// loses answers.
package socket
