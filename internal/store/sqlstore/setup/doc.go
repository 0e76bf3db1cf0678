// Package setup keeps who is served where on both databases: accounts,
// workspaces and their emoji, configured channels and user groups. It is the part of sqlstore's
// reads and updates that nothing else there knows of.
package setup
