// Package emoji writes down which emoji people of a workspace have made. It is
// a use case like those of package casework, about no case.
package emoji
