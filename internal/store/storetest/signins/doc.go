// Package signins tests that a store keeps how agents come in: sign-ins,
// invitations, second factors, and who they are to other servers.
package signins
