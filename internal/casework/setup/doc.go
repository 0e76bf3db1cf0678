// Package setup holds the use cases that change who is served where: accounts,
// the workspaces they are linked to, and the channels configured for them. The
// console's pages and the commands use the same.
//
// Every use case is one transaction that locks the setup, checks the limits and
// what else stands against it, writes, and says in the audit who did it. What is
// refused is refused as the contract names it: desk.ErrInvalid, desk.ErrNotFound,
// desk.ErrConflict or desk.ErrLimit.
//
// Whether somebody may do a thing is checked at the edge that knows who asks.
package setup
