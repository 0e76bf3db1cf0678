// Package simtest starts simulated Slacks for tests.
package simtest
