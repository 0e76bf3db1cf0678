// Package answering adds to a case from Slack, outside its chat: by the form of
// a reply, and by the one that opens a resolved case again. Both take a
// message, files and further addresses, and may ask for a live chat, in the
// place that the case has or in another.
//
// What was entered is reviewed before it is sent: there it can be edited, and
// shown to the channel. Until then it is a draft that is nobody else's business.
//
// What is allowed is asked when a form opens and again when it is sent; what is
// wrong is said beside the field that it is about, and the form stays. A form
// that is sent twice adds once: what it adds is named after the form.
package answering
