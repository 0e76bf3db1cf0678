// Package acts turns what agents press on the page of a case into use cases of
// package casework: it reads the form, looks whether they may, has it done, and
// goes back to the page. The page itself is package acts's.
package acts
