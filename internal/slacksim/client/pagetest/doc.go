// Package pagetest reads pages in tests: by selector, never by whole text. Only
// tests import it.
package pagetest
