// Package news keeps, on both databases, what channels are to hear of cases and
// in which threads.
package news
