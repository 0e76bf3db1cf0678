// Package groups knows who is in which of Slack's user groups, for permissions
// that are narrowed to some.
//
// Nothing is asked for until somebody needs it. Then all user groups of the
// workspace are read, kept in the store and believed for an hour; Slack's events
// keep them up to date meanwhile. Where the plan has no user groups, or the app
// may not read them, nobody is in any.
package groups
