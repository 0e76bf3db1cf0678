// Package news has the channels told of a case that are configured for its
// account, as each is set.
//
// What a channel wants is decided when something happens, by its settings and
// the case's severity then. It is queued in the transaction of what happened, in
// a lane of the case and the channel: the first post begins a thread there, and
// later ones go below it. What has not been tried yet becomes one post.
//
// The channel where the case was opened has its thread already, in the case's
// own lane. It is told there by casework, which asks here whether it wants to be.
package news
