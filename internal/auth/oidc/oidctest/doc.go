// Package oidctest is an OpenID provider for tests: a real one over HTTP, with
// discovery, keys and tokens, whose tokens a test can forge.
package oidctest
