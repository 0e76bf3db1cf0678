// Package mrkdwn carries text both ways between Slack and the Markdown that
// the rest of Caseline keeps, and shows that Markdown to people.
//
// # Canonical Markdown
//
// What is stored is CommonMark with ~~strikethrough~~, and these agreements:
//
//   - The end of a line is a line break, as in a chat.
//   - Whatever a person typed literally stays literal: characters that
//     Markdown would read are escaped. "<@U123>" typed by hand is stored as
//     "\<@U123>".
//   - A link is <address> or [label](address). An address that only stands in
//     a text, as beside the label of a link that nobody may follow, is not
//     one and is escaped: "https\://x.y". What an agent types is read more
//     kindly: there a bare address is a link.
//   - Slack's entities stand in the text exactly as Slack writes them:
//     <@U123>, <#C123|name>, <!subteam^S1|@handle>, <!here>,
//     <!date^1392734382^{date}|fallback>, and :name: for emoji.
//   - "&NoBreak;" between two marks keeps them apart where CommonMark would
//     otherwise misread them ("a**(b)**"). It is dropped again on reading.
//   - There is no raw HTML; it is read as text.
//
// [FromSlack] writes canonical Markdown from a message. [Canonical] writes it
// from what an agent typed. [ToSlack] makes the parts that go to Slack,
// [HTML] and [Plain] what people read in the console and in transcripts.
//
// # Invariants
//
// Nothing that a person typed becomes a mention, a broadcast or a link that
// its author did not write, in either direction: towards Slack every entity
// is literal, and every "&", "<" and ">" of the text is escaped exactly once.
// Visible text is never lost: what cannot be expressed loses its shape, not
// its words. HTML writes a fixed set of elements and attributes and escapes
// everything else.
//
// Text goes from one side to the other through package rich's blocks and
// spans; package emoji knows the common emoji. The parser of Markdown is
// goldmark's, which is made for texts of a sane size: callers cap what they let
// an agent type.
//
// In the route of a message the package stands between Slack's interpreter
// and sender on one side and the stored entry on the other. It does no I/O,
// keeps nothing and imports nothing of ours.
package mrkdwn
