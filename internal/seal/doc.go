// Package seal keeps secrets at rest from whoever gets hold of a database or a
// backup of it: what is sealed can be opened only with a key that lies elsewhere.
//
// A [Ring] has one key or several. The first seals; all of them open, so a key is
// replaced by putting a new one before it, sealing anew what is [Ring.Stale], and
// taking the old one away when nothing is. Each sealed text names its key, and is
// bound to what it is about, so that it does not open in another's place.
//
// The cipher is AES-256-GCM of the standard library, with nonces by chance: one
// key may seal four thousand million texts.
package seal
