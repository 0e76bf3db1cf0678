// Package kin reads on both databases which cases follow which.
package kin
