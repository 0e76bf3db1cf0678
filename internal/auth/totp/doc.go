// Package totp makes and checks the codes that programs on telephones show, by
// RFC 6238: SHA-1, six digits, thirty seconds. Pure: time is passed in.
package totp
