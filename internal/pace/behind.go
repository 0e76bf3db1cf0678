package pace

import "time"

// A Part is how much of a limit: Of out of Out.
type Part struct{ Of, Out int }

// Part returns a part of the limit: so much of its rate, and of its burst, but
// for one call at least. Part of no limit is none.
func (l Limit) Part(p Part) Limit {
	every := l.every() * int64(p.Out) / int64(p.Of)
	return Limit{Every: time.Duration(every) * time.Microsecond, Burst: max(1, l.Burst*p.Of/p.Out)}
}

// Behind returns buckets that a kind of call draws from besides those of
// [Table.Buckets], so that it never takes more than a part of what method may:
// of posts into the channel and in the workspace if it posts, or else of the
// calls of the method. What is left is always there for calls of other kinds,
// which so never stand in line behind many of this one.
func (t Table) Behind(kind string, p Part, workspace, method, channel string) []Bucket {
	r := t.Rule(method)
	if r.Posts == (Limit{}) {
		return []Bucket{{Key: workspace + "/" + kind + "/" + method, Limit: r.Method.Part(p)}}
	}
	return []Bucket{
		{Key: workspace + "/" + kind + "/" + channel, Limit: r.Channel.Part(p)},
		{Key: workspace + "/" + kind, Limit: r.Posts.Part(p)},
	}
}
