// Package portraits tests that a store keeps the pictures of agents.
package portraits
