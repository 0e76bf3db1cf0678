// Package config reads the operator's configuration: one struct, read once at
// the start from a YAML file and the environment, with defaults, validated as a
// whole.
//
// A configuration is right or it is refused with everything that is wrong with
// it, each [Problem] naming the field, the place it was set and what to do. A
// key that nobody reads is a problem too, because it is a setting that does not
// work.
//
// A [Secret] never prints its value, however it is printed, so that the
// configuration may be logged, shown and compared. Problems never quote one.
//
// The package is a leaf: it knows nothing of the program that it configures.
// New fields work at their zero value or have a default in [Default].
package config
