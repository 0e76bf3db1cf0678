// Package noted remembers what is in the database already, so that noting it
// with every message costs nothing.
package noted
