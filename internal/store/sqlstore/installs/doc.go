// Package installs keeps on both databases our app as Slack gave it out by OAuth,
// and the installations that were begun. What it gets of tokens is sealed. It is
// the part of sqlstore's reads and updates that nothing else there knows of.
package installs
