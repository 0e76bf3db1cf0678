// Package simulated runs the simulated Slack alone, as a tool for whoever
// develops an app for Slack: its pages, the Web API, Socket Mode and HTTP, and
// an admin API for tests. The app is described by a manifest as Slack has it; what
// becomes of one in the simulated Slack is said here for the demonstration too.
package simulated
