// Package demo shows the product without a Slack account: a simulated Slack
// and the whole server in one process on loopback, with people, a channel and
// two agents, and a start page with both sides next to each other. Everything
// is kept in one folder, so that a demo started again goes on where it was.
//
// The scripted demo drives the same by itself, without a browser, prints what
// each side sees, and fails when anything is missing, doubled or out of order.
package demo
