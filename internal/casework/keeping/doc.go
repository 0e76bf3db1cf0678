// Package keeping has the use cases of what agents keep while they work, beside
// the cases: how they want things to be, what they have typed and not sent,
// canned replies, mentions, what they have put away for a time, views, and who
// looks at what. None of it changes a case, and none of it goes to Slack.
package keeping
