// Package tongue has the console speak its reader's language. English is what
// the code says; a catalogue, one file for each other language, has what those
// say for it.
//
// The key of a text is its English. Templates are not marked up: Template cuts
// their source into texts when it is parsed, once for each language, so that
// nothing is looked up while pages are drawn. Go code asks a Tongue by Say and
// Count. Sentences of packages that know no reader, such as refusals, come as
// they are and are found by their form (Told).
//
// A test in catalogue_test.go finds every English text and fails for each that a
// catalogue lacks or has for nothing.
package tongue
