// Package versions has the use case of saving the catalogue in the console: each
// time as a version of its own, which all nodes then put in force.
package versions
