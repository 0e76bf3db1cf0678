// Package oauth installs apps as Slack does: a person is asked on a page whether
// an app may have what it asks for (Read, Allow, Deny), the app gets a code and
// exchanges it for a token (Redeem), renews the token if its tokens are rotated
// (Refresh, Exchange), and loses it again (Revoke, Uninstall). Package webapi and
// package consent are the ways in for apps and for people.
//
// An app is installed when it exchanges its code, not before. What an operation
// refuses it refuses with the error that Slack's Web API has for it.
package oauth
