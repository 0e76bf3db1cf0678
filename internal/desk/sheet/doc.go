// Package sheet says how a text stands in a table that people open with a
// spreadsheet: so that it is shown and never run. Every export as CSV asks here.
// Pure.
package sheet
