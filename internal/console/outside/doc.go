// Package outside is what the agents' pages show that comes from Slack and is known
// to other packages: custom emoji, people's pictures, and the channels and user
// groups that texts mention.
package outside
