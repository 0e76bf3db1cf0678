package keeping

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"time"

	"caseline/internal/desk"
)

// A Cause says why something was erased.
type Cause string

// The causes.
const (
	ByTime   Cause = "time"   // its account keeps it only so long
	ByWish   Cause = "person" // a person's words, because they asked
	OfAgents Cause = "agent"  // an agent's name and sign-in
)

// A State says how far a piece of work has come.
type State string

// The states of erasures and exports.
const (
	Asked  State = "asked"
	Ready  State = "ready"
	Failed State = "failed" // of exports only
	Gone   State = "gone"   // of exports: the file was removed
)

// Counts says how much there was of what: "words", "files", "cases" …
type Counts map[string]int

// Plus returns the sum of two counts.
func (c Counts) Plus(o Counts) Counts {
	sum := maps.Clone(c)
	if sum == nil {
		sum = Counts{}
	}
	for k, n := range o {
		if n != 0 {
			sum[k] += n
		}
	}
	return sum
}

// An Erasure is the record of one: of a person, of an agent, or of what fell due
// in one account on one day. It says nothing of what was erased but how much.
type Erasure struct {
	ID      string
	Cause   Cause
	Account desk.AccountID // ByTime
	Policy  string         // ByTime: the rule in words
	Hash    string         // of whom, where it is somebody: see [HashOf]
	Name    string         // what whoever is erased is called from now on; theirs alone
	By      desk.Actor     // who ordered it
	Begun   time.Time
	Ended   time.Time // zero while it goes on
	Counts  Counts

	// While it goes on: whom it is about, and how far it has come. Blank after.
	Subject, Called string // id and name
	Step            int    // grows with each step
	Holder, Cursor  string // what is being erased, and from where on
}

// HashOf is what a record keeps of whom it is about: enough to answer whether
// somebody was erased, if one knows their id, and not to tell who it was. salt is
// the server's own secret, for ids are few enough to try them all.
func HashOf(salt, id string) string {
	sum := sha256.Sum256([]byte("caseline erasure\x00" + salt + "\x00" + id))
	return hex.EncodeToString(sum[:])
}

// ErasedName is what people are called who had themselves erased.
const ErasedName = "Erased person"

// FormerAgent is what agents are called whose account was made nameless.
const FormerAgent = "Former agent"

// A Progress is how far the erasing of a case by time has come: all entries up to
// Seq are done.
type Progress struct {
	Case desk.CaseID
	Kind Kind
	Seq  int64
}

// A Due is a case of which something is to be erased by time.
type Due struct {
	Case    desk.CaseID
	LastSeq int64
	Done    int64 // entries up to this are done already
}

// Forecast says how much a policy would erase now.
type Forecast struct{ Cases, Entries int }

// An Export is a file with all data of an account.
type Export struct {
	ID      string
	Account desk.AccountID
	By      desk.Actor
	AskedAt time.Time
	State   State
	Claim   string // of who makes it
	Hash    string // of the file, SHA-256 in hex
	Size    int64
	Cases   int
	Until   time.Time // when the file is removed; while it is made: when the claim ends
	Reason  string    // why it failed; a sentence
}

// KeptFor is how long the file of an export is kept.
const KeptFor = 7 * 24 * time.Hour

// A Catalogue is one version of the catalogue as it was saved.
type Catalogue struct {
	Version int64
	At      time.Time
	By      desk.Actor
	Note    string // what changed, for people
	Text    string // the YAML
	Former  string // JSON: the last names of codes that are no more, by their path
}

// A Find is a person who was looked for.
type Find struct {
	ID    string
	Name  string
	Agent bool
	Cases int
	Words int
	Files int
}

// Names are what somebody is called, and what they are called when they are erased:
// somebody in Slack, or an agent.
type Names struct {
	Agent   desk.AgentID // an agent; only Name is about them besides
	Email   string       // likewise
	Earlier []string     // likewise: names that they had before

	ID   desk.PersonID
	User string // Slack's own id, as texts mention it: <@U…>
	Name string // as known; may be empty

	As     desk.PersonID // from now on
	AsUser string        // likewise, in mentions
}

// Called are all names by which somebody is known, or was.
func (n Names) Called() (all []string) {
	for _, name := range append([]string{n.Name}, n.Earlier...) {
		if name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}
