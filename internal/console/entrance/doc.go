// Package entrance has the pages before the console: signing in by a password or
// elsewhere, the second step, and taking an invitation up. Package auth does what
// they ask for; each says in a sentence why something cannot be.
package entrance
