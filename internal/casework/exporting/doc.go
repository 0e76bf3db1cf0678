// Package exporting has the use cases of exports: a file with all data of an account
// is asked for, made by whoever has the claim, kept for a week, and removed.
package exporting
