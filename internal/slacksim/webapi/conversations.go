package webapi

import (
	"errors"
	"slices"
	"strings"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/world"
)

// seen finds the channel a call is about and checks the scope that fits its
// kind: family is history, read or write.
func (c *call) seen(family string) (world.Channel, error) {
	id := c.args.str("channel")
	if id == "" {
		return world.Channel{}, missing("channel")
	}
	ch, err := c.api.world.SeenChannel(c.in.BotUser, id)
	if err != nil {
		return ch, err
	}
	return ch, c.needs(scopeFor(ch.Kind, family))
}

func scopeFor(k world.ChannelKind, family string) string {
	switch k {
	case world.Private:
		return "groups:" + family
	case world.Direct:
		return "im:" + family
	case world.Group:
		return "mpim:" + family
	}
	if family == "write" {
		return "channels:manage"
	}
	return "channels:" + family
}

func (c *call) create() (answer, error) {
	kind, scope := world.Public, "channels:manage"
	if c.args.yes("is_private") {
		kind, scope = world.Private, "groups:write"
	}
	if err := c.needs(scope); err != nil {
		return nil, err
	}
	ch, err := c.api.world.CreateChannel(c.in.Workspace, c.in.BotUser, c.args.str("name"), kind)
	if err != nil {
		return nil, err
	}
	return c.about(ch), nil
}

func (c *call) about(ch world.Channel) answer {
	return answer{"channel": ch.Wire(c.in.BotUser)}
}

func (c *call) invite() (answer, error) {
	users := c.args.list("users")
	switch {
	case c.args.str("channel") == "":
		return nil, missing("channel")
	case len(users) == 0:
		return nil, errors.New("no_user")
	case len(users) > 100:
		return nil, invalid("invalid_arguments", "[ERROR] no more than 100 items allowed [json-pointer:/users]")
	}
	ch, problems, err := c.api.world.Invite(c.in.BotUser, c.args.str("channel"), users, c.args.yes("force"))
	if err != nil {
		return nil, err
	}
	if len(problems) == 0 {
		return c.about(ch), nil
	}
	var list []answer
	for _, p := range problems {
		list = append(list, answer{"user": p.User, "ok": false, "error": string(p.Err)})
	}
	if c.args.yes("force") && len(problems) < len(users) {
		out := c.about(ch)
		out["errors"] = list
		return out, nil
	}
	return nil, refusal{string(problems[0].Err), answer{"errors": list}}
}

func (c *call) info() (answer, error) {
	ch, err := c.seen("read")
	if err != nil {
		return nil, err
	}
	out := ch.Wire(c.in.BotUser)
	if c.args.yes("include_num_members") {
		out["num_members"] = len(ch.Members)
	}
	return answer{"channel": out}, nil
}

// kinds reads the argument types.
func (c *call) kinds() ([]world.ChannelKind, error) {
	names := map[string]world.ChannelKind{
		"public_channel": world.Public, "private_channel": world.Private, "im": world.Direct, "mpim": world.Group,
	}
	given := c.args.list("types")
	if len(given) == 0 {
		given = []string{"public_channel"}
	}
	var out []world.ChannelKind
	for _, name := range given {
		k, ok := names[name]
		if !ok {
			return nil, errors.New("invalid_types")
		}
		if err := c.needs(scopeFor(k, "read")); err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, nil
}

// mark notes how far the bot has read a channel.
func (c *call) mark() (answer, error) {
	id, ts := c.args.str("channel"), c.args.str("ts")
	ch, err := c.api.world.SeenChannel(c.in.BotUser, id)
	if err != nil {
		return nil, err
	}
	if !ch.Has(c.in.BotUser) {
		return nil, entity.ErrNotInChannel
	}
	if _, ok := entity.ParseTS(ts); !ok {
		return nil, errors.New("invalid_timestamp")
	}
	return nil, c.api.world.MarkRead(c.in.BotUser, id, ts)
}

func (c *call) list() (answer, error) {
	return c.channels(func(world.Channel) bool { return true })
}

func (c *call) usersConversations() (answer, error) {
	user := c.args.str("user")
	if user == "" {
		user = c.in.BotUser
	}
	return c.channels(func(ch world.Channel) bool { return ch.Has(user) })
}

func (c *call) channels(wanted func(world.Channel) bool) (answer, error) {
	kinds, err := c.kinds()
	if err != nil {
		return nil, err
	}
	var all []any
	for _, ch := range c.api.world.SeenChannels(c.in.Workspace, c.in.BotUser) {
		if !slices.Contains(kinds, ch.Kind) || (ch.Archived && c.args.yes("exclude_archived")) || !wanted(ch) {
			continue
		}
		one := ch.Wire(c.in.BotUser)
		one["num_members"] = len(ch.Members)
		all = append(all, one)
	}
	return c.paged("channels", all, 100)
}

func (c *call) members() (answer, error) {
	ch, err := c.seen("read")
	if err != nil {
		return nil, err
	}
	var all []any
	for _, m := range ch.Members {
		all = append(all, m)
	}
	return c.paged("members", all, 100)
}

func (c *call) join() (answer, error) {
	if c.args.str("channel") == "" {
		return nil, missing("channel")
	}
	ch, already, err := c.api.world.Join(c.in.BotUser, c.args.str("channel"))
	if err != nil {
		return nil, err
	}
	out := c.about(ch)
	if already {
		out["warning"] = "already_in_channel"
		out["response_metadata"] = answer{"warnings": []string{"already_in_channel"}}
	}
	return out, nil
}

func (c *call) leave() (answer, error) {
	if _, err := c.seen("write"); err != nil {
		return nil, err
	}
	wasOut, err := c.api.world.Leave(c.in.BotUser, c.args.str("channel"))
	if err != nil || !wasOut {
		return nil, err
	}
	return answer{"not_in_channel": true}, nil
}

func (c *call) kick() (answer, error) {
	if _, err := c.seen("write"); err != nil {
		return nil, err
	}
	return nil, c.api.world.Kick(c.in.BotUser, c.args.str("channel"), c.args.str("user"))
}

func (c *call) open() (answer, error) {
	users := c.args.list("users")
	if id := c.args.str("channel"); id != "" && len(users) == 0 {
		ch, err := c.seen("write")
		if err != nil {
			return nil, err
		}
		return c.opened(ch, true), nil
	}
	switch {
	case len(users) == 0:
		return nil, errors.New("users_list_not_supplied")
	case len(users) > 8:
		return nil, errors.New("too_many_users")
	}
	if err := c.needs(map[bool]string{true: "im:write", false: "mpim:write"}[len(users) == 1]); err != nil {
		return nil, err
	}
	ch, existed, err := c.api.world.OpenDirect(c.in.BotUser, users, !c.args.yes("prevent_creation"))
	if err != nil {
		return nil, err
	}
	return c.opened(ch, existed), nil
}

func (c *call) opened(ch world.Channel, existed bool) answer {
	out := answer{"channel": answer{"id": ch.ID}}
	if c.args.yes("return_im") {
		out["channel"] = ch.Wire(c.in.BotUser)
	}
	if existed {
		out["no_op"], out["already_open"] = true, true
	}
	return out
}

func (c *call) rename() (answer, error) {
	if _, err := c.seen("write"); err != nil {
		return nil, err
	}
	ch, err := c.api.world.RenameChannel(c.in.BotUser, c.args.str("channel"), c.args.str("name"))
	if err != nil {
		return nil, err
	}
	return c.about(ch), nil
}

func (c *call) setTopic() (answer, error)   { return c.setNote("topic", c.api.world.SetTopic) }
func (c *call) setPurpose() (answer, error) { return c.setNote("purpose", c.api.world.SetPurpose) }

func (c *call) setNote(what string, set func(actor, channel, value string) (world.Channel, error)) (answer, error) {
	ch, err := c.seen("write")
	if err != nil && !c.topicScope(ch) {
		return nil, err
	}
	ch, err = set(c.in.BotUser, c.args.str("channel"), c.args.str(what))
	if err != nil {
		return nil, err
	}
	out := c.about(ch)
	out[what] = c.args.str(what)
	return out, nil
}

// topicScope reports whether the narrower scope for topics was granted.
func (c *call) topicScope(ch world.Channel) bool {
	scope := strings.TrimSuffix(scopeFor(ch.Kind, "write"), ":manage")
	return ch.ID != "" && c.in.Allows(strings.TrimSuffix(scope, ":write")+":write.topic")
}

func (c *call) archive() (answer, error) {
	if _, err := c.seen("write"); err != nil {
		return nil, err
	}
	return nil, c.api.world.ArchiveChannel(c.in.BotUser, c.args.str("channel"))
}

func (c *call) unarchive() (answer, error) {
	if _, err := c.seen("write"); err != nil {
		return nil, err
	}
	err := c.api.world.UnarchiveChannel(c.in.BotUser, c.args.str("channel"))
	if errors.Is(err, entity.ErrRestrictedAction) {
		// What the documentation calls a bug: bots are told they are not in.
		err = entity.ErrNotInChannel
	}
	return nil, err
}
