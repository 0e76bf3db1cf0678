// Package opening opens forms at once and fills them after.
//
// Slack lets a form be opened within three seconds of a press, and once
// (views.open, trigger_id). What a form shows is read from a database, and
// sometimes from Slack, which may take longer than that. An [Opener] opens a
// view that says only that more is coming, and what is opened by the same
// trigger then takes its place (views.update).
//
// Invariants:
//
//   - The view that is shown meanwhile has nothing to fill in or to submit.
//   - Whatever becomes of the reading, the person is told: the view becomes the
//     form, or the sentence that says why there is none; when it cannot become
//     either, the caller gets the refusal to tell it otherwise.
//   - A trigger is used once. A second press has its own, and its own view.
package opening
