// Package roster has the words and the rules of who answers what: teams with
// their skills and hours, the seats of agents with how much each takes on, and
// the devices at which agents are seen. Like package desk it is pure.
package roster
