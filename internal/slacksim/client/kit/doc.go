// Package kit draws Block Kit: it turns the blocks of messages, modals and home
// tabs into HTML. What elements hold, and what of it apps accept, is known by
// package blockkit.
//
// Invariants: block and action ids are carried in data attributes, so that a
// script finds an element by them; a block or element that it does not know is
// shown as such and harms nothing. It is pure but for its templates.
package kit
