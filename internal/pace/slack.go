package pace

import "time"

// A Rule is what one method may do. A zero Limit in it means that this kind
// of bucket does not apply.
type Rule struct {
	Method  Limit // all calls of the method in a workspace
	Channel Limit // all posts into one channel, whatever the method
	Posts   Limit // all posts in a workspace, whatever the method
}

// A Table says which rule a method follows. The zero Table limits nothing,
// which is what a test against a Slack without limits wants.
type Table struct {
	rules map[string]Rule
	other Rule
}

// Rule returns the method's rule, or the table's default for a method it does
// not name.
func (t Table) Rule(method string) Rule {
	if r, ok := t.rules[method]; ok {
		return r
	}
	return t.other
}

// Buckets returns the buckets that a call of method in workspace must take
// from, with their keys and without their stored instants. The first is
// always the method's own: the one to hold when Slack answers Retry-After,
// which it means for the whole method. channel may be empty for a method that
// is not about a channel.
func (t Table) Buckets(workspace, method, channel string) []Bucket {
	r := t.Rule(method)
	buckets := make([]Bucket, 0, 3)
	buckets = append(buckets, Bucket{Key: workspace + "/" + method, Limit: r.Method})
	if channel != "" && r.Channel != (Limit{}) {
		buckets = append(buckets, Bucket{Key: workspace + "/post/" + channel, Limit: r.Channel})
	}
	if r.Posts != (Limit{}) {
		buckets = append(buckets, Bucket{Key: workspace + "/post", Limit: r.Posts})
	}
	return buckets
}

// Slack returns the limits of Slack's Web API, on the safe side: Slack counts
// by the minute, so each rate leaves room for its own burst, and rate and burst
// together stay within the published figure in any minute. Where Slack's pages
// disagree the lower figure is taken; a method not named here gets tier 2.
// (apps.connections.open alone may exceed tier 1 in its first minute, because
// every socket of a starting process needs one call.)
func Slack() Table {
	tier1 := Rule{Method: Limit{Every: time.Minute, Burst: 1}}
	tier2 := Rule{Method: Limit{Every: 4 * time.Second, Burst: 5}}
	tier3 := Rule{Method: Limit{Every: 1500 * time.Millisecond, Burst: 10}}
	tier4 := Rule{Method: Limit{Every: 750 * time.Millisecond, Burst: 20}}

	// Posting is about one message a second and channel with short bursts
	// tolerated, and several hundred a minute in a workspace, as the page Rate
	// limits of Slack's documentation has it: 300 is the floor of "several
	// hundred" that we dare. What can wait takes a part of it: see Table.Behind.
	perChannel := Limit{Every: time.Second, Burst: 3}
	perWorkspace := Limit{Every: 250 * time.Millisecond, Burst: 50}
	post := Rule{Method: perWorkspace, Channel: perChannel, Posts: perWorkspace}
	// Other methods that make a message appear count among the posts as well.
	posting := func(tier Rule) Rule {
		tier.Channel, tier.Posts = perChannel, perWorkspace
		return tier
	}

	return Table{other: tier2, rules: map[string]Rule{
		"chat.postMessage":             post,
		"chat.meMessage":               posting(tier3),
		"files.completeUploadExternal": posting(tier4),

		"apps.connections.open": {Method: Limit{Every: time.Minute, Burst: 3}},
		"apps.uninstall":        tier1,

		"chat.postEphemeral":          tier4,
		"chat.getPermalink":           tier4, // special, 600 a minute in one source
		"auth.test":                   tier4, // the same
		"conversations.members":       tier4,
		"users.info":                  tier4,
		"views.open":                  tier4,
		"views.update":                tier4,
		"views.push":                  tier4,
		"views.publish":               tier4,
		"files.getUploadURLExternal":  tier4,
		"files.info":                  tier4,
		"chat.update":                 tier3,
		"chat.delete":                 tier3,
		"bots.info":                   tier3,
		"team.info":                   tier3,
		"conversations.info":          tier3,
		"conversations.join":          tier3,
		"conversations.leave":         tier3,
		"conversations.open":          tier3,
		"conversations.invite":        tier3,
		"conversations.kick":          tier3,
		"conversations.history":       tier3,
		"conversations.replies":       tier3,
		"users.lookupByEmail":         tier3,
		"reactions.add":               tier3,
		"reactions.get":               tier3,
		"files.list":                  tier3,
		"files.delete":                tier3,
		"bookmarks.list":              tier3,
		"auth.revoke":                 tier3,
		"assistant.threads.setStatus": tier3,

		"users.conversations":      tier2, // 3 in one source
		"conversations.create":     tier2,
		"conversations.rename":     tier2,
		"conversations.list":       tier2,
		"conversations.close":      tier2,
		"conversations.setTopic":   tier2,
		"conversations.setPurpose": tier2,
		"conversations.archive":    tier2,
		"conversations.unarchive":  tier2,
		"users.list":               tier2,
		"usergroups.list":          tier2,
		"usergroups.users.list":    tier2,
		"pins.add":                 tier2,
		"pins.remove":              tier2,
		"pins.list":                tier2,
		"reactions.remove":         tier2,
		"bookmarks.add":            tier2,
		"auth.teams.list":          tier2,
	}}
}

// Few returns the limits of an app that is distributed commercially without
// Slack's approval, to which Slack shows one page a minute of histories, of 15
// messages at most. An app that each customer makes from our manifest is none.
// (Slack counts when a call arrives, so a second is left for its way.)
func Few() Table {
	t := Slack()
	for _, method := range []string{"conversations.history", "conversations.replies"} {
		t.rules[method] = Rule{Method: Limit{Every: 61 * time.Second, Burst: 1}}
	}
	return t
}
