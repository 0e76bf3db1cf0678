// Package erasure takes words out of the record and out of the stored events when
// their author deletes or edits them and the account wants that. It is the one
// exception to the rule that entries of a log never change.
package erasure
