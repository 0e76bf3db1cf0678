// Package drawn turns what is to be shown into what a browser gets: the items of
// a log into entries whose times and classes are written out, and templates
// with their data into pages. Nothing in it decides who sees what.
package drawn
