// Package setup has the pages on which operators say who is served where, and
// the page of the audit.
//
// Every form is one use case of casework/setup, so that what the pages can do
// the commands can do too, with the same refusals. A refusal is shown beside the
// field it is about, and what was typed stays in the fields. The pages work
// without scripts.
//
// Package console lets only operators in.
package setup
