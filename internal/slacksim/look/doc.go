// Package look has what all pages of a simulated Slack have in common: colours,
// buttons and lists, light and dark, the sign, and how names become pictures.
package look
