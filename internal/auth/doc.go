// Package auth knows who is asking: how agents come in, what is theirs to change
// of that, and what operators may.
//
// A sign-in is a row in the store; a session under the hash of a random token
// names it, and the token itself is only in the agent's cookie. It gets a new
// token when somebody signs in, and at each step of that. It is void when the row
// is gone, the agent is shut out or gets a new password, or its way is one that
// may not be used any more. Who has shown a password and is to show more has a
// half session, which is no sign-in.
//
// Passwords are hashed with argon2id. Only a few hashes are computed at a
// time, so that many sign-ins cannot exhaust memory, and an unknown address
// costs as much as a wrong password, so that neither can be told from the
// other. Guessing is slowed down per address and person, by all servers of one
// database together. The secrets of second
// factors are sealed; each code and each link of an invitation is good once,
// decided under a lock.
//
// Another server may say who somebody is (package oidc does the asking): by what
// it called them before, and the first time by a verified address.
package auth
