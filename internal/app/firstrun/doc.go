// Package firstrun sets an installation up with whoever sits at the terminal: it
// asks, writes the configuration, prints the app's manifest and what to click in
// Slack's pages, looks at every token at once by the doctor's checks, and makes
// the first account and the first operator.
//
// What is done is kept in the configuration and the database, so a run that ended
// early is gone on with by another one, which asks only for what is missing. It
// reads lines, so a pipe can answer as well as a person.
package firstrun
