// Package entity says what the things in a simulated Slack are (workspaces,
// people, channels, messages, files, apps, views), how Slack's Web API and
// events write them, and what its errors are called. It holds no state.
package entity
