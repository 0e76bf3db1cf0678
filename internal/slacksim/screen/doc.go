// Package screen is what stands on people's screens and is gone after a
// reload: open modals, messages that only one person sees, and the short-lived
// rights that apps get when somebody acts (trigger ids, response URLs). It
// lives in memory only.
//
// One mutex guards everything; what is returned are copies.
package screen
