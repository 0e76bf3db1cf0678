// Package tenants is our program in each workspace that it serves: what calls
// Slack there, who is who there, what is shown and sent there. They come and go
// while the server runs.
//
// A [Set] has them by workspace. Whatever concerns a workspace goes to its
// tenant: what people do, by the workspace that the interaction names; what is
// sent, by the place it goes to; names and pictures, by the ids of people. What
// all workspaces share is not here: the inbox, what takes in events, and Socket
// Mode, which one app-level token has for all.
//
// Invariants:
//
//   - No tenant does anything for another: each has its own client, its own
//     limits and its own loops, and one that Slack has shut out stops no other.
//   - What is to be sent in a workspace without a tenant waits until there is one.
//   - What finds a tenant looks once into a map.
//   - A tenant that is removed leaves what is recorded as it is; its chats end, as
//     those of a workspace do that has shut us out.
package tenants
