// Package wiretest has payloads as Slack sends them, written by us from its
// documentation, and what may be wrong with each. The decoders are tested with
// them, and so is what stands on the decoders.
package wiretest
