// Package reacted tells which emoji stand on an entry of the log. Like package
// desk it is pure.
package reacted
