// Package installs tests that a store keeps installations of the app, those that
// were begun, and who may refresh tokens.
package installs
