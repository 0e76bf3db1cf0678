// Package web is what every HTTP edge of ours stands on: handlers that return
// errors, the one table from the kinds of desk to HTTP statuses, middleware,
// and static files under addresses that change with their content.
//
// A handler either answers or returns an error, never both. The error stops
// here: a desk.Refusal's sentence reaches the person who asked; of anything
// else the person reads "Internal error" and the log gets everything.
//
// Middleware goes around the whole of a server in this order, outermost
// first: Log, Recover, Headers, LimitBody, SameOrigin. Nothing here buffers, so
// event streams pass through.
package web
