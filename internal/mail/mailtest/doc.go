// Package mailtest runs a mail server for tests: a real one, that speaks SMTP, in
// a process of its own, so that it can be killed in the middle of a mail.
//
// The process is the test's own program, started again: a test package that uses
// it calls [Main] first thing in its TestMain. The test tells it over its standard
// input how to answer, and hears on its standard output what has come.
package mailtest
