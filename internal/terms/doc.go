// Package terms knows the words of a text as searching sees them: without
// accents and case, cut apart wherever there is neither letter nor digit. What
// is stored and what is looked for go through the same functions, so that all
// databases give the same answers, and nothing a person types reaches a
// database's own language of queries: a word holds letters, digits and marks
// of letters only.
//
// Scripts that are written without spaces, like Chinese and Thai, have no words
// that could be cut apart without a dictionary: there each character is a word,
// and what a person types of them is looked for as a phrase.
//
// It is pure and knows nothing of the desk.
package terms
