// Package served has the words and the rules of who is served where: accounts,
// the workspaces they are linked to, the channels that are configured for them,
// who may do what there, and what a channel is told. Like package desk it is
// pure.
//
// Who may do a thing is asked at the edge that knows who asks; casework/setup
// keeps what operators say of it.
package served
