package reacted

import (
	"slices"

	"caseline/internal/desk"
)

// An Emoji is a reaction to an entry, with those who have put it there.
type Emoji struct {
	Name string
	By   []desk.Actor // in the order in which they came
}

// As returns the reactions to an entry as they stand, given the entries
// that tell of them: for each person and emoji what happened last counts.
func As(events []desk.Correspondence) []Emoji {
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b desk.Correspondence) int { return a.At.Compare(b.At) })
	var all []Emoji
	for _, e := range events {
		i := slices.IndexFunc(all, func(have Emoji) bool { return have.Name == e.Text })
		if i < 0 {
			i, all = len(all), append(all, Emoji{Name: e.Text})
		}
		all[i].By = slices.DeleteFunc(all[i].By, func(by desk.Actor) bool { return by.ID == e.Author.ID })
		if e.What == desk.ReactionAdded {
			all[i].By = append(all[i].By, e.Author)
		}
	}
	return slices.DeleteFunc(all, func(have Emoji) bool { return len(have.By) == 0 })
}
