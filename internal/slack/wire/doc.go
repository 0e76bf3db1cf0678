// Package wire decodes what Slack sends, and proves that Slack sent it.
//
// Slack's payloads grow without notice, differ between its own samples, and
// carry numbers as text, text as numbers, and empty strings for either. A
// decoder that refuses a whole delivery over one field it does not care about
// loses a customer's message. So here only text that is not JSON is an error;
// everything else decodes:
//
//   - unknown fields and unknown event types are kept raw ([Event.Raw],
//     [Interaction.Raw]);
//   - a field of the wrong kind keeps its zero value and is listed, raw and
//     with its path, as an [Odd];
//   - timestamps stay text ([Ts]) and are never floating point;
//   - text comes out as valid UTF-8 without NUL, so that any database takes it.
//
// The decoder, on the reader in lenient, is written by hand because decoding an event with encoding/json
// costs as much as committing it. It makes one pass over one copy of the body:
// decoded strings share that copy, so whoever keeps a short one for long
// should clone it. Raw parts share the caller's body, which must not be
// changed after. Capping the body's size is the caller's part.
//
// In the route of a Slack message the ingress calls [Verifier.Verify] on the
// raw bytes and [Peek] for the lane, and the interpreter calls [Decode] on the
// stored bytes. [Encode] writes what is sent to Slack. The package knows nothing of
// cases.
package wire
