// Package personal has what belongs to one person and to no case: what they have
// begun in a form, and the picture that an agent chose. Like package desk it is
// pure.
package personal
