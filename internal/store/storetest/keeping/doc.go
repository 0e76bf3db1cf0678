// Package keeping tests that a store keeps policies, holds and the records of
// erasures, erases by time and takes people out of the rows, and keeps exports and
// the versions of the catalogue.
package keeping
