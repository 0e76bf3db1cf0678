// Package landing reads on both databases which deliveries may stand in Slack
// already though we have not heard so.
package landing
