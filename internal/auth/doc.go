// Package auth knows who is asking: agents' passwords, sign-ins and roles.
//
// A sign-in is a row in the store under the hash of a random token; the token
// itself is only in the agent's cookie. It gets a new token when somebody
// signs in, and it is void when the agent is disabled or gets a new password.
//
// Passwords are hashed with argon2id. Only a few hashes are computed at a
// time, so that many sign-ins cannot exhaust memory, and an unknown address
// costs as much as a wrong password, so that neither can be told from the
// other. Guessing is slowed down per address and person.
package auth
