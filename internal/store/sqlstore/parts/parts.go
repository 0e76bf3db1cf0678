package parts

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/agents"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/drafts"
	"caseline/internal/store/sqlstore/homes"
	"caseline/internal/store/sqlstore/keeping"
	"caseline/internal/store/sqlstore/kin"
	"caseline/internal/store/sqlstore/landing"
	"caseline/internal/store/sqlstore/mail"
	"caseline/internal/store/sqlstore/reports"
	"caseline/internal/store/sqlstore/roster"
	"caseline/internal/store/sqlstore/working"
)

// An Asker runs queries.
type Asker interface {
	Query(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error
}

// A Changer runs the statements of an update.
type Changer interface {
	Asker
	Write(ctx context.Context, what commit.Op, text string, args ...any) error
	HintAgents()              // has everybody look at the agents again
	HintLooks(id desk.CaseID) // tells that who looks at a case has changed
}

// The parts that would have the same names.
type (
	agentTx      = agents.Tx
	agentReads   = agents.Reads
	draftTx      = drafts.Tx
	draftReads   = drafts.Reads
	homeTx       = homes.Tx
	homeReads    = homes.Reads
	kinReads     = kin.Reads
	keepTx       = keeping.Tx
	keepReads    = keeping.Reads
	landingTx    = landing.Tx
	mailTx       = mail.Tx
	mailReads    = mail.Reads
	rosterTx     = roster.Tx
	rosterReads  = roster.Reads
	reportTx     = reports.Tx
	reportReads  = reports.Reads
	workingTx    = working.Tx
	workingReads = working.Reads
)

// A Tx is what the parts have of a store.Tx.
type Tx struct {
	agentTx
	draftTx
	homeTx
	keepTx
	landingTx
	mailTx
	rosterTx
	reportTx
	workingTx
}

// In returns a Tx of an update. locked follows a SELECT that locks its rows.
func In(to Changer, locked string) Tx {
	return Tx{
		agentTx:   agentTx{AgencyTo: to},
		draftTx:   draftTx{DraftsTo: to},
		homeTx:    homeTx{HomesTo: to},
		keepTx:    keepTx{Reads: keepReads{Keeping: to}, KeepingTo: to, Locks: locked},
		landingTx: landingTx{LandingFrom: to},
		mailTx:    mailTx{MailTo: to},
		rosterTx:  rosterTx{RosterTo: to},
		reportTx:  reportTx{FactsTo: to},
		workingTx: workingTx{WorkingTo: to},
	}
}

// Reads are what the parts have of a store.Store's reads.
type Reads struct {
	agentReads
	draftReads
	homeReads
	keepReads
	kinReads
	mailReads
	rosterReads
	reportReads
	workingReads
}

// Of returns the Reads of a reader.
func Of(from Asker) Reads {
	return Reads{
		agentReads:   agentReads{Agency: from},
		draftReads:   draftReads{Drafts: from},
		homeReads:    homeReads{Homes: from},
		kinReads:     kinReads{Kin: from},
		keepReads:    keepReads{Keeping: from},
		mailReads:    mailReads{Mail: from},
		rosterReads:  rosterReads{Roster: from},
		reportReads:  reportReads{Facts: from},
		workingReads: workingReads{Working: from},
	}
}
