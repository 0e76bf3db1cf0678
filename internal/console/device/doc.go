// Package device tells browsers apart, so that an agent is seen at each of those
// in which they have the console open.
package device
