// Package agent is an agent without a browser: it signs in to the console
// over HTTP and does what an agent does there, with the same forms. The
// scripted demo, the bench and the scenario tests work the console with it, so
// that what they show goes through the same door as a person.
package agent
