// Package working keeps on both databases what agents keep for themselves and
// for each other while they work: how they want things to be, what they have typed
// and not sent, canned replies, where notes name them, what they have put away,
// views, and who looks at what. It is the part of
// sqlstore's reads and updates that nothing else there knows of.
package working
