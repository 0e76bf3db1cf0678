// Package grid is Slack's Enterprise Grid: organisations that several workspaces
// belong to, how workspaces come into them, whom they have in common, and into
// which of them an app is let that the whole organisation has installed.
package grid
