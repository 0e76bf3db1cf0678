// Package keeping has the statements of what is kept for how long: policies and
// holds, what falls due by them, the records of erasures, how a person or an agent
// is taken out of the rows, exports, and the versions of the catalogue.
//
// What the index of words and the remembered cases must hear of is sqlstore's own;
// it calls the statements here.
package keeping
