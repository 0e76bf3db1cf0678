// Package room keeps the messages of one channel in order, with its threads.
// Messages are replaced, never changed. It locks nothing: package world does.
package room
