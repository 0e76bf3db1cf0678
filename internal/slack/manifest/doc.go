// Package manifest knows what our Slack app asks for, and why: each bot event
// that we handle with the scopes it needs, each method of the Web API that we
// call with its scopes, and what stops working without each scope. The app's
// manifest is made from that table, and so is what is said of scopes that were
// not granted, so none of the three can differ from the others.
//
// It is pure and knows nothing of the rest of package slack. What holds it to
// the truth is a test, which reads in our source what we call and handle.
package manifest
