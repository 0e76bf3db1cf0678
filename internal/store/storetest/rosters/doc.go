// Package rosters tests that a store keeps who answers what, where agents are
// seen, and how much they have in hand.
package rosters
