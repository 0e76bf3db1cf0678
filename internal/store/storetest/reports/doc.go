// Package reports tests that a store keeps what reports are made of: facts, and
// what people said of chats.
package reports
