// Package privacy has the pages of what is kept and what is erased: what an account
// wants kept, holds of cases, the data of an account in one file, the erasing of a
// person, and the records of that.
package privacy
