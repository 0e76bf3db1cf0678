// Package archtest keeps the rules of the house as tests: which package may
// import which, how large things may grow, what code may not contain, and
// which documents must name what.
//
// The rules read source text only, so they need neither a build nor the tools.
// A package that does not exist yet breaks none of them; a package that no row
// of the table knows breaks the first. Exceptions stand in one place,
// exceptions_test.go, each with its reason.
//
// There is no code here besides the tests, and nothing imports it.
package archtest
