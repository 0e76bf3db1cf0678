// Package searchtest tests that a store finds what its contract says, and that
// both databases find the same.
package searchtest
