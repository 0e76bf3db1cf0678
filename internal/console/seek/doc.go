// Package seek is what an agent looks for among all cases, as it stands in the
// address of the page: so that a search can be shared, kept and gone back to.
package seek
