// Package slacksim is a simulated Slack: a real HTTP server with workspaces,
// people, channels, messages, files, forms and apps, for demonstrations without
// an account and for tests. It knows nothing of any particular app.
//
// A Server joins the parts: package world is the state, screen what stands on
// people's screens, person what people do, webapi what apps call, dispatch what
// apps are sent, over HTTP or by package socket in Socket Mode, fault and
// dispatch.Chaos what goes wrong on demand. Package apps keeps apps, installations and
// tokens, oauth gives them out, consent is the page that asks people, and grid is
// organisations of several workspaces. Package admin lets programs outside
// drive all this. Workspace,
// Channel, Message and Form are handles with which demonstrations and tests set
// up and act the way a person would say it:
//
//	ws := sim.Workspace("acme")
//	alice := ws.AddUser("alice", "Alice Martin")
//	ops := ws.AddChannel("ops", world.Public, alice)
//	msg := ops.Post(alice, "the build is *stuck*")
//	_, err := ops.Command(alice, "/support create")
//	form := ws.View(alice)
//	form.Set("Subject", "Build stuck")
//	problems, err := form.Submit()
//
// Install puts an app into a workspace without asking. Register makes one that
// people install by OAuth: Workspace.Allow and Organisation.Allow do what a person
// does on the page to which the app sends them, and return where it sends them back.
//
// A person visits an app's home with OpenHome, searches options with Search, puts
// files into a form with Attach. Connect brings people of other organisations in
// (AddUser with Of), AddGroup makes user groups, and SwitchOutage lets go wrong
// what people by hand switch in the pages. Advance moves a manual clock.
//
// Handles hold only ids: what they return is read when asked. Methods without
// an error result report what cannot be done to Options.Fail.
package slacksim
