// Package sought has the words of searching: what somebody looks for among the
// cases, which cases can be it, and what was found. Like package desk it is
// pure; which words a text has is package terms' matter.
package sought
