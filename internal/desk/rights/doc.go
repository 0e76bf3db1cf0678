// Package rights says what each role may do. It is the one table of that; who
// asks is package auth's to know, and the doors of the console ask here.
package rights
