// Package forgetting has the use cases that erase a person: somebody in Slack with
// all that they wrote, or an agent's name and sign-in.
//
// An order is a record. [Service.Step] carries it out, one small transaction after
// another: each erases a piece by one of the holders and moves the record on in the
// same commit, so it goes on where it was after a crash, on whichever node, and
// what is done is counted once. At the end the record is the certificate: it has a
// hash of whom it was about and nothing else of them.
//
// An erasure waits until what Slack has told of somebody before is applied.
//
// Whoever is erased gets another id, which is theirs alone. If they write again,
// they are somebody new.
package forgetting
