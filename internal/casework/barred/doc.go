// Package barred has the chats of agents who may not answer customers any more,
// because they were shut out or have another role, go to the next agent or back to
// the queue: as soon as the store tells that agents have changed. Package offering
// runs it, at intervals besides, because hints can be lost. Every node does.
package barred
