// Package doctor examines an installation: configuration, database, disk, Slack
// and the mail server. Each thing is told in one sentence that says that it is
// as it should be, or what is wrong and the cure.
//
// It changes nothing: it posts nothing, makes no database and takes no lock, so
// it may examine while a server runs. What it says holds no secret.
package doctor
