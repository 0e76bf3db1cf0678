// Package auditlog knows what the entries of cases' logs mean to the audit, has
// them audited in the transaction that appends them, and reads who did what from
// end to end and writes it for other programs: as CSV for a spreadsheet, or as
// one JSON object a line.
package auditlog
