// Package form reads what browsers send to the console: the token that names a
// wish, so that sending it twice is one, words, and files, which go to where
// they are kept as they come and never into memory. It bounds all of it.
package form
