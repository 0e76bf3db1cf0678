// Package dispatch carries requests from a simulated Slack to apps over HTTP:
// events, slash commands and interactions, all signed over their raw body.
//
// Events come from the world's queue. They are sent in order within a channel,
// and channels do not wait for each other. An event that the app does not take
// within three seconds is sent again, up to three times, while the channel goes
// on; so order is best effort, as Slack's is. Commands and interactions are
// sent once while a person waits.
package dispatch
