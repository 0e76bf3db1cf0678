// Package tally counts things by a word, for those who look at how a server fares.
package tally
