// Package topics has the pages of the catalogue: what cases can be about, how urgent
// they can be, in which languages they are answered, and when somebody is there. It
// is changed by forms or as YAML, and each change is a version that one can go back
// to.
package topics
