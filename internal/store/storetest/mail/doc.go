// Package mail is the part of the storage contract's suite that is about who gets
// mail, the lanes that it goes in, and the secrets of its links.
package mail
