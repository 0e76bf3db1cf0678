// Package joined puts the modules of the console's scripts into one file when
// the server starts, so that a page asks for one script and not for one of each
// module: a browser spends as much on asking itself for two dozen files that it
// has as on drawing the page.
//
// It reads lines, not JavaScript. What it does not understand it refuses, and with
// it the server does not start, nor do its tests.
package joined
