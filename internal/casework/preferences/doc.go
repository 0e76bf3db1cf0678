// Package preferences keeps how agents want the console to be, so that it is so on
// every device.
package preferences
