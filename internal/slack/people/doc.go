// Package people learns the names and pictures of people in Slack: of new ones
// at once, of the others every day and when Slack says that they changed.
//
// Whom it knows is in the store, so a lost hint or a stopped process costs time
// only. Slack's limit on asking is kept, and one person whom Slack cannot
// describe holds up nobody else.
package people
