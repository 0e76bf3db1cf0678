// Package consent is the pages on which people of a simulated Slack let apps in:
// GET /oauth/v2/authorize, where apps send them, and GET /apps/{app}, where
// an installation begins without the app's doing. Whoever looks chooses who to
// be, as on all pages of this Slack; what they may do is package oauth's to say.
package consent
