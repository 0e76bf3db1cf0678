// Package admin is how programs drive a simulated Slack that runs alone: JSON
// over HTTP under /_sim/. With it a test in any language writes, presses and
// submits as a person, lets calls, events and sockets go wrong, moves a clock
// that stands still, and reads what there is and what was called.
//
// GET /_sim/ lists the addresses with what they take. A request that cannot be
// understood is answered 400, one about something that is not there 404, and one
// that Slack or the app refused 422, all as {"ok":false,"error":"…"}.
//
// Only this machine is served: the request must come from it and be addressed to
// a loopback host, so that no page of another site can reach it, by a name of its
// own either, and browsers must send it from a page of the same origin.
package admin
