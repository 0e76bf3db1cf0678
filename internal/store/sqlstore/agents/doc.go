// Package agents has the statements of agents and of how they come in: sign-ins,
// invitations, second factors, and who they are to other servers. It is the part
// of sqlstore's reads and updates that nothing else there knows of, but for the
// lock of an agent.
package agents
