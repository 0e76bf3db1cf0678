package entity

import (
	"maps"
	"slices"
	"strings"
)

// AliasOf begins the address of an emoji that is another's second name.
const AliasOf = "alias:"

// maxAlias is how many names lead to an emoji.
const maxAlias = 5

// EmojiOf follows the second names among a workspace's own emoji: to the address
// of a picture, or to the name of a common emoji.
func EmojiOf(own map[string]string, name string) (address, common string, ok bool) {
	for range maxAlias {
		at, known := own[name]
		if !known {
			return "", name, ok
		}
		target, alias := strings.CutPrefix(at, AliasOf)
		if !alias {
			return at, "", true
		}
		name, ok = target, true
	}
	return "", "", false
}

// EmojiChanges are the bodies of the events that tell what became of a
// workspace's own emoji, in Slack's form: add, remove with all names at once, and
// rename for a picture that has another name now.
func EmojiChanges(before, now map[string]string) []map[string]any {
	var changes []map[string]any
	gone := slices.DeleteFunc(slices.Sorted(maps.Keys(before)), func(name string) bool { return now[name] != "" })
	for _, name := range slices.Sorted(maps.Keys(now)) {
		address := now[name]
		if before[name] == address {
			continue
		}
		i := slices.IndexFunc(gone, func(old string) bool { return before[old] == address })
		if before[name] == "" && i >= 0 {
			changes = append(changes, map[string]any{"subtype": "rename", "old_name": gone[i], "new_name": name, "value": address})
			gone = slices.Delete(gone, i, i+1)
			continue
		}
		changes = append(changes, map[string]any{"subtype": "add", "name": name, "value": address})
	}
	if len(gone) > 0 {
		changes = append(changes, map[string]any{"subtype": "remove", "names": gone})
	}
	return changes
}

// WithEmoji returns a workspace's own emoji with one more, whose picture is at an
// address, or which is an alias.
func WithEmoji(own map[string]string, name, address string) map[string]string {
	out := map[string]string{}
	maps.Copy(out, own)
	out[name] = address
	return out
}

// WithoutEmoji returns them without one.
func WithoutEmoji(own map[string]string, name string) map[string]string {
	out := maps.Clone(own)
	delete(out, name)
	return out
}
