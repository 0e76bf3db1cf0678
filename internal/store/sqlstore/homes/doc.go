// Package homes keeps on both databases who looks at the app's home tab, and
// finds whose cases are on it. It is the part of sqlstore's reads and updates
// that nothing else there knows of.
package homes
