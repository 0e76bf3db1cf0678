package entity

import (
	"regexp"
	"slices"
)

var emojiName = regexp.MustCompile(`^[a-z0-9_+'-]+(::skin-tone-[2-6])?$`)

// IsEmojiName reports whether reactions may have that name.
func IsEmojiName(name string) bool { return emojiName.MatchString(name) }

// Toggle returns reactions with one of a user's added or taken away.
func Toggle(have []Reaction, emoji, user string, add bool) ([]Reaction, error) {
	i := slices.IndexFunc(have, func(r Reaction) bool { return r.Name == emoji })
	has := i >= 0 && slices.Contains(have[i].Users, user)
	switch {
	case add && has:
		return nil, ErrAlreadyReacted
	case !add && !has:
		return nil, ErrNoReaction
	}
	out := slices.Clone(have)
	if i < 0 {
		return append(out, Reaction{Name: emoji, Users: []string{user}}), nil
	}
	r := Reaction{Name: emoji, Users: slices.DeleteFunc(slices.Clone(have[i].Users), func(u string) bool { return u == user })}
	if add {
		r.Users = append(r.Users, user)
	}
	if len(r.Users) == 0 {
		return slices.Delete(out, i, i+1), nil
	}
	out[i] = r
	return out, nil
}
