// Package teams has the pages of who answers what: teams with their members, skills
// and hours, and what each agent takes on. They are for leads.
package teams
