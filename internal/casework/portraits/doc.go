// Package portraits lets agents choose the picture that stands beside their
// words, in Slack and in the console. It is a use case like those of package
// casework, about no case.
//
// Whatever is given is drawn anew, as a small square PNG: what else was in the
// file, such as where a photograph was taken, is gone. Each picture has a public
// address of its own that nobody can guess, because Slack's servers fetch it
// without signing in.
package portraits
