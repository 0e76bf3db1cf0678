package send

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"time"

	"caseline/internal/casework"
	"caseline/internal/casework/absence"
	"caseline/internal/casework/recording"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/outbox"
	"caseline/internal/pace"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
)

// caller is the part of Slack's Web API that deliveries need; *api.Client is
// one.
type caller interface {
	channels
	messages
	files
	UserInfo(ctx context.Context, id string) (api.User, error)
	Timeout() time.Duration
	Lacks(scope string) bool
}

type channels interface {
	CreateChannel(ctx context.Context, name string) (api.Channel, error)
	OurPrivateChannels(ctx context.Context, cursor string) (channels []api.Channel, next string, err error)
	Invite(ctx context.Context, channel string, users []string) ([]api.Declined, error)
	ChannelInfo(ctx context.Context, id string) (api.Channel, error)
	SetTopic(ctx context.Context, channel, topic string) error
	Pin(ctx context.Context, channel, ts string) error
}

type messages interface {
	PostMessage(ctx context.Context, p api.Post) (ts string, err error)
	UpdateMessage(ctx context.Context, ts string, p api.Post) error
	DeleteMessage(ctx context.Context, channel, ts string) error
	PostEphemeral(ctx context.Context, user string, p api.Post) error
	History(ctx context.Context, s api.Span) (messages []api.Message, next string, err error)
}

type files interface {
	FileInfo(ctx context.Context, id string) (api.File, error)
	Fetch(ctx context.Context, address string) (api.Body, error)
	UploadURL(ctx context.Context, name string, size int64) (address, id string, err error)
	Upload(ctx context.Context, address string, r io.Reader, size int64) error
	CompleteUpload(ctx context.Context, s api.Sharing) error
}

// A lookup reads what deliveries render.
type lookup interface {
	Case(ctx context.Context, id desk.CaseID) (desk.Case, error)
	Chats(ctx context.Context, id desk.CaseID) ([]desk.ChatSession, error)
	Entry(ctx context.Context, id desk.CaseID, seq int64) (desk.Correspondence, error)
	Changes(ctx context.Context, id desk.CaseID, seq int64) ([]desk.Correspondence, error)
	DeliveriesOf(ctx context.Context, id desk.CaseID, after int64) ([]desk.Delivery, error)
	Carrying(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.Delivery, error)
	File(ctx context.Context, id desk.FileID) (desk.File, error)
	People(ctx context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error)
	Account(ctx context.Context, id desk.AccountID) (served.Account, error)
	newsLookup
}

// A newsLookup reads what news of cases render, and where they go.
type newsLookup interface {
	Entries(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.Correspondence, error)
	CaseThread(ctx context.Context, id desk.CaseID, channel desk.Place) (string, error)
	Channel(ctx context.Context, account desk.AccountID, w desk.WorkspaceID, ch desk.ChannelID) (served.ChannelConfig, error)
}

// A filer takes what was brought from Slack: files, and what its history holds.
type filer interface {
	FileFetched(ctx context.Context, f casework.FetchedFile) error
	Backfill(ctx context.Context, e recording.Excerpt) (recording.Comparison, error)
	Collect(ctx context.Context, e recording.Excerpt) error
	Tallied(ctx context.Context, t casework.Tallied) error
}

// A keeper keeps the bytes of files.
type keeper interface {
	Put(ctx context.Context, r io.Reader, limit int64) (hash string, size int64, err error)
	Open(hash string) (*os.File, error)
}

// Options are what a Sender can do without. The zero Options work.
type Options struct {
	Log  *slog.Logger     // default: none
	Now  func() time.Time // default: time.Now
	Pace *pace.Table      // default: Slack's own limits

	// Prefix begins the names of chat channels; default "case-".
	Prefix string
	// Picture is where Slack finds the picture of an agent, for their messages;
	// empty, and by default, it is the app's own.
	Picture func(ctx context.Context, a desk.AgentID) (address string)
	// Absent is told what pages of Slack's history show; default: nobody is.
	Absent func(ctx context.Context, sheet absence.Sheet) error
	// MaxFile is how large a file may be that is brought here, in bytes;
	// default 100 MB.
	MaxFile int64
	// Margin is how long after a call's timeout Slack may still be at work on
	// it; default 5 s.
	Margin time.Duration
	// Named returns a case with the names of what it is about in place of the
	// codes; default: it stays as it is.
	Named func(desk.Case) desk.Case
	// Level is what a severity is called and how soon it is answered; default:
	// as desk says.
	Level func(desk.Severity) desk.Level
	// Mentions says what texts mention; default: nothing is known.
	Mentions func(ctx context.Context) view.Mentions
	// ShutOut is called when Slack refuses our token, or does not let it into the
	// workspace; default: nothing.
	ShutOut func(error)
	// Skew is how far our clock and Slack's may be apart; default 5 min, more
	// than which Slack's requests are refused anyway.
	Skew time.Duration
	// Channels knows which channels have other ids in Slack; default: none.
	Channels *ident.Channels
}

func (o Options) withDefaults() Options {
	if o.Named == nil {
		o.Named = func(c desk.Case) desk.Case { return c }
	}
	if o.Absent == nil {
		o.Absent = func(context.Context, absence.Sheet) error { return nil }
	}
	if o.Mentions == nil {
		o.Mentions = func(context.Context) view.Mentions { return nil }
	}
	if o.Picture == nil {
		o.Picture = func(context.Context, desk.AgentID) string { return "" }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Pace == nil {
		slack := pace.Slack()
		o.Pace = &slack
	}
	if o.Prefix == "" {
		o.Prefix = "case-"
	}
	if o.MaxFile <= 0 {
		o.MaxFile = 100 << 20
	}
	if o.Margin <= 0 {
		o.Margin = 5 * time.Second
	}
	if o.ShutOut == nil {
		o.ShutOut = func(error) {}
	}
	if o.Skew <= 0 {
		o.Skew = 5 * time.Minute
	}
	return o
}

// A Sender sends the deliveries of one workspace. It may be used by many
// goroutines. Make one with [New].
type Sender struct {
	self  served.Workspace
	slack caller
	store lookup
	cases filer
	blobs keeper
	opt   Options
}

var _ outbox.Sender = (*Sender)(nil)

// New returns a Sender for the workspace in which our app is self.
func New(self served.Workspace, slack caller, store lookup, cases filer, blobs keeper, o Options) *Sender {
	return &Sender{self: self, slack: slack, store: store, cases: cases, blobs: blobs, opt: o.withDefaults()}
}

// A job is a delivery with what it is about.
type job struct {
	desk.Delivery
	c  desk.Case
	at ident.Where // where it goes; zero when there is no place
}

// job reads what d is about.
func (s *Sender) job(ctx context.Context, d desk.Delivery) (job, error) {
	var c desk.Case
	if d.Case != "" {
		var err error
		if c, err = s.store.Case(ctx, d.Case); err != nil {
			return job{}, err
		}
	}
	place := d.Place
	if place == "" {
		place = c.Place
	}
	at, _ := ident.Split(place)
	switch {
	case tells(d, c):
		at.Thread = c.Thread
	case d.Kind == desk.DeliverNews:
		var err error
		if at.Thread, err = s.store.CaseThread(ctx, d.Case, d.Place); err != nil {
			return job{}, err
		}
	case d.Kind == desk.DeliverInvite:
		at.Thread = cmp.Or(at.Thread, c.Card) // where those are named who could not be added
	}
	return job{Delivery: d, c: c, at: at}, nil
}

var errLate = errors.New("the try began too long ago")

// Send tries a delivery once.
func (s *Sender) Send(ctx context.Context, d desk.Delivery) desk.Verdict {
	j, err := s.job(ctx, d)
	if err != nil {
		return retry(err) // nothing was sent
	}
	switch d.Kind {
	case desk.DeliverFetch:
		return s.fetch(ctx, j)
	case desk.DeliverUpload:
		return s.upload(ctx, j)
	}
	if d.Kind.ReadsHistory() {
		// It is never looked for, and to record a page may take longer than its call.
		return s.unlessMoved(d, s.send(ctx, j))
	}
	// Look relies on it that no call is made when a timeout has passed since
	// TriedAt, be it because the claim took long to be written down or because
	// the whole machine stood still.
	left := d.TriedAt.Add(s.slack.Timeout()).Sub(s.opt.Now())
	if left <= 0 {
		return retry(errLate)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, left, errLate)
	defer cancel()
	return s.unlessMoved(d, s.send(ctx, j))
}

// moveTries is how often a channel is tried that Slack does not know.
const moveTries = 4

// unlessMoved tries again for some seconds what was refused because Slack does
// not know the channel: it may just have got another id, of which Slack tells
// us apart from that.
func (s *Sender) unlessMoved(d desk.Delivery, v desk.Verdict) desk.Verdict {
	if v.Kind == desk.Refused && v.Reason == "channel_not_found" && d.Attempts < moveTries {
		v.Kind, v.At = desk.Retry, s.opt.Now().Add(time.Second<<d.Attempts/2)
	}
	return v
}

// send makes the calls of a try.
func (s *Sender) send(ctx context.Context, j job) desk.Verdict {
	d := j.Delivery
	if d.Kind == desk.DeliverPlace {
		return s.makePlace(ctx, j)
	}
	if d.Kind.ReadsHistory() {
		return s.history(ctx, j)
	}
	if j.needless() {
		return sent("")
	}
	if j.at.Channel == "" || d.Kind == desk.DeliverLink && j.c.Chat.ID != "" && j.c.Place == "" {
		v := desk.Verdict{Kind: desk.Refused, Reason: "no_place"}
		if d.Kind == desk.DeliverShare {
			v.Reason = declined(v.Reason)
		}
		return v
	}
	switch d.Kind {
	case desk.DeliverInvite:
		return s.invite(ctx, j)
	case desk.DeliverTopic:
		return s.topic(ctx, j)
	case desk.DeliverCard:
		return s.card(ctx, j)
	case desk.DeliverPin:
		return s.pin(ctx, j)
	case desk.DeliverLink:
		return s.link(ctx, j)
	case desk.DeliverNotice:
		return s.notice(ctx, j)
	case desk.DeliverNews:
		return s.news(ctx, j)
	case desk.DeliverReply:
		return s.reply(ctx, j)
	case desk.DeliverEdit:
		return s.edit(ctx, j)
	case desk.DeliverRemove:
		return s.remove(ctx, j)
	case desk.DeliverEphemeral:
		return s.ephemeral(ctx, j)
	case desk.DeliverShare:
		return s.share(ctx, j)
	}
	return desk.Verdict{Kind: desk.Refused, Reason: "unknown_kind"}
}

// Budget names the pace buckets of the next try of d.
func (s *Sender) Budget(d desk.Delivery) []pace.Bucket {
	w := s.self.ID
	at, _ := ident.Split(d.Place)
	channel := string(at.Channel)
	method := methodOf(d)
	if d.Kind.ReadsHistory() {
		method = unless(d.State == desk.DeliveryUnknown, historyMethod(d, at.Thread))
	}
	if method == "" {
		return nil
	}
	buckets := s.opt.Pace.Buckets(string(w), method, channel)
	// Words, edits and looks for them never stand in line behind what can wait.
	behind := func(kind string, of, out int) {
		buckets = append(buckets, s.opt.Pace.Behind(kind, pace.Part{Of: of, Out: out}, string(w), method, channel)...)
	}
	switch {
	case d.State == desk.DeliveryUnknown:
	case d.Kind == desk.DeliverNews:
		behind("news", 1, 2)
	case d.Lane == desk.CardLane(d.Case):
		behind("card", 1, 2)
	case d.Kind.ReadsHistory():
		behind("read", 2, 3)
	}
	if d.Content.What == desk.Comparing {
		behind("compare", 1, 3)
	}
	return buckets
}

// methodOf is the method that the next try of d calls, or calls first.
func methodOf(d desk.Delivery) string {
	looks := d.State == desk.DeliveryUnknown
	switch d.Kind {
	case desk.DeliverPlace:
		thread := d.Content.What == string(desk.PlaceThread)
		switch {
		case !thread && looks:
			return "users.conversations"
		case !thread:
			return "conversations.create"
		}
	case desk.DeliverFetch:
		return unless(looks, "files.info")
	case desk.DeliverUpload:
		return unless(looks, "files.getUploadURLExternal")
	case desk.DeliverShare:
		if looks || d.Part >= partSee {
			return "files.info"
		}
		return "files.completeUploadExternal"
	case desk.DeliverTopic:
		if looks {
			return "conversations.info"
		}
		return "conversations.setTopic"
	case desk.DeliverPin:
		return unless(looks, "pins.add")
	case desk.DeliverEphemeral:
		return unless(looks, "chat.postEphemeral")
	case desk.DeliverRemove:
		return unless(looks, "chat.delete")
	case desk.DeliverEdit:
		if !looks {
			return "chat.update"
		}
	case desk.DeliverCard:
		if d.Lane == desk.CardLane(d.Case) {
			return unless(looks, "chat.update")
		}
	case desk.DeliverInvite:
		if !looks {
			return "conversations.invite"
		}
	}
	if looks {
		return "conversations.history"
	}
	return "chat.postMessage"
}

func unless(not bool, method string) string {
	if not {
		return ""
	}
	return method
}
