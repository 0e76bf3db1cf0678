package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// A Place is workspace, channel and thread where a case speaks. Only package
// slack looks inside; everyone else compares and stores it. Empty means that
// the place does not exist yet.
type Place string

// A PlaceKind says what a chat's place is.
type PlaceKind string

// The kinds of places. Empty means that none was ever asked for.
const (
	PlaceChannel PlaceKind = "channel" // a private channel that we make
	PlaceThread  PlaceKind = "thread"  // a thread in the channel where it was asked for
)

// A Lane is the unit of order: what is in one lane happens one after the
// other, nothing is promised across lanes.
type Lane string

// CaseLane is the lane of a case's chat place. It is named after the case
// because deliveries are queued before the place exists.
func CaseLane(id CaseID) Lane { return Lane("case:" + string(id)) }

// CardLane is the lane of the updates of a case's card. They are cosmetic and
// must not hold up people's words.
func CardLane(id CaseID) Lane { return Lane("card:" + string(id)) }

// PlaceLane is the lane of a place that is not a case's own, such as the
// channel where a chat was asked for.
func PlaceLane(p Place) Lane { return Lane(placePrefix + string(p)) }

// placePrefix begins the lanes of places.
const placePrefix = "place:"

// Place is the place that a lane is of, or empty when it is none's.
func (l Lane) Place() Place {
	p, is := strings.CutPrefix(string(l), placePrefix)
	if !is {
		return ""
	}
	return Place(p)
}

// NewsLane is the lane of what a channel configured for its account is told of
// a case. Each case has its own in each channel: what comes later waits for the
// thread to begin, and nothing else waits for it.
func NewsLane(id CaseID, channel Place) Lane {
	return Lane("news:" + string(id) + ":" + string(channel))
}

// HintLane is the lane of private hints to people in a place; they may be
// late or lost and never hold up anything.
func HintLane(p Place) Lane { return Lane("hint:" + string(p)) }

// HistoryLane is the lane in which Slack's history of a case's chats is read
// and held against the record. It may take long and holds up nothing.
func HistoryLane(id CaseID) Lane { return Lane("history:" + string(id)) }

// CompareLane orders the comparisons of a case's running chat. They wait for
// their part of what may be read, and nothing waits behind them.
func CompareLane(id CaseID) Lane { return Lane("compare:" + string(id)) }

// mailPrefix begins the lanes of mail.
const mailPrefix = "mail:"

// MailLane is the lane of the mail about a case to one address, which its name
// does not give away.
func MailLane(id CaseID, address string) Lane {
	sum := sha256.Sum256([]byte(address))
	return Lane(mailPrefix + string(id) + ":" + hex.EncodeToString(sum[:6]))
}

// Mail reports whether mail goes in the lane, and nothing for Slack.
func (l Lane) Mail() bool { return strings.HasPrefix(string(l), mailPrefix) }

// filePrefix begins the lanes in which files travel.
const filePrefix = "file:"

// FileLane is the lane of one file that comes from Slack.
func FileLane(id FileID) Lane { return Lane(filePrefix + string(id)) }

// UploadLane is the lane in which a case's files go to Slack: one after the
// other, so that they keep their order, and apart from words, which do not
// wait for them.
func UploadLane(id CaseID) Lane { return Lane(filePrefix + string(id)) }

// Files reports whether large files travel in the lane.
func (l Lane) Files() bool { return strings.HasPrefix(string(l), filePrefix) }
