// Package matters has the words and the rules of what cases can be about: the
// catalogue of issue types, services and categories, the languages in which
// they are answered, and the hours in which somebody is there. Like package
// desk it is pure.
//
// Package catalogue reads it all from a file and checks what it may hold.
package matters
