// Package dispatch carries requests from a simulated Slack to apps: events, slash
// commands and interactions. They go over HTTP, all signed over their raw body,
// or, while an app has Socket Mode on, over its sockets and never over HTTP. There
// is one queue for both, with one schedule of retries.
//
// Events come from the world's queue. They are sent in order within a channel,
// and channels do not wait for each other. An event that the app does not take
// within three seconds is sent again, up to three times, while the channel goes
// on; so order is best effort, as Slack's is. Commands and interactions are
// sent once while a person waits.
package dispatch
