// Package ways is how a person wants the console to be: in which language, and of
// what it tells them when they look elsewhere. What agents choose follows them to
// every device; before the sign-in, a browser keeps the language.
package ways
