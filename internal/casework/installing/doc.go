// Package installing has the use cases of our app as Slack gives it out by OAuth:
// an installation is begun, comes back once, is kept, is given new tokens, and is
// no more. Each is one transaction under the lock of the setup. What it gets of
// tokens is sealed; it knows no key.
package installing
