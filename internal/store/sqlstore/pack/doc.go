// Package pack keeps a row of a table in one short string, so that many rows
// can be kept in memory. It knows nothing of what they hold: who packs and who
// reads a row name the same fields in the same order.
package pack
