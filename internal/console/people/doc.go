// Package people has the pages on those who sign in: for operators the list of
// agents, the page of each, and invitations; for everybody what is their own:
// picture, password, second factor, and where they are signed in.
//
// Every form is one use case of package auth, which has it audited. The pages work
// without scripts.
package people
