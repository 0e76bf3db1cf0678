// Package crowd has many agents use one server at once as their browsers would: each
// with a sign-in and a device of their own, a live stream, and one page that fetches
// what the scripts of the console's pages fetch when they hear of a change. It notes how
// soon they hear of it, and how soon their pages show it.
//
// One page in QueuePages has the queue open; each of the others the page of a case.
// All are looked at, so all fetch at once what concerns them, and within a second what
// does not; each says every so often that somebody is at it, as its script does.
package crowd
