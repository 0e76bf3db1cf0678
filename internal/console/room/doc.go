// Package room is what the rooms of the console have in common: pages with
// addresses, each behind a door that asks for a right.
//
// A room is a package of its own below console, with its use cases given to it;
// the console mounts its doors and lends it the frame that pages stand in.
package room
