// Package signin has what is known of how agents come in: their sign-ins,
// invitations, second factors, and who they are elsewhere. What is secret of it
// is only here as a hash or sealed. Pure.
package signin
