// Package oidc asks an OpenID provider who somebody is: by the code flow with
// PKCE, a state and a nonce that are used once. What the provider says is believed
// when its signature, issuer, audience, time and nonce are right; an error tells
// only whether the provider did not answer or said something else.
package oidc
