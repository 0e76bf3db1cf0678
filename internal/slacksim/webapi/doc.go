// Package webapi is the HTTP side of a simulated Slack that apps call: the Web
// API under /api/, uploads and downloads, and the response URLs.
//
// A call is answered in this order: is the method known, who calls, does a
// fault strike, is a rate limit reached, are the scopes there, then the method.
// Answers are HTTP 200 with ok true or false; only rate limits are 429. The
// errors have the names that Slack's documentation gives for each method.
package webapi
