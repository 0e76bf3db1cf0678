// Package catalogue reads what cases can be about from a YAML file: issue
// types with their services and categories, severities with their
// first-response times, languages, and when somebody is there.
//
// A file is right or it is refused with everything that is wrong with it, each
// problem with its line, so that a server goes on with the catalogue that it
// has. Without a file there is a good default for a company that makes
// software. The rules are desk's; a [Book] holds the catalogue in force, finds
// services by what is typed, and reads the file anew when asked.
package catalogue
