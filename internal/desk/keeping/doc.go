// Package keeping has the words and the rules of what is kept of people and of
// cases: for how long, which files are taken, what was erased and by whose order,
// what was exported, and the versions of the catalogue. Like package desk it is
// pure.
package keeping
