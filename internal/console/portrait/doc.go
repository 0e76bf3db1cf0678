// Package portrait has the page on which agents choose their picture, and serves
// the pictures: to agents by whose they are, and to anybody by an address that
// nobody can guess, because Slack fetches them from there.
package portrait
