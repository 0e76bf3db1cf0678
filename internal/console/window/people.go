package window

import (
	"context"
	"strings"

	"caseline/internal/console/record"
	"caseline/internal/desk"
)

// learn reads the names that a log is shown with.
func (r Reader) learn(ctx context.Context, log *Log) (err error) {
	var mentioning []string
	for _, e := range log.Entries {
		if strings.Contains(e.Text, "<") {
			mentioning = append(mentioning, e.Text)
		}
	}
	r.Learn(ctx, log.Case.Workspace, mentioning)
	people := r.peopleIn(log.Source)
	for _, rating := range log.Ratings {
		people = append(people, rating.Person)
	}
	log.People, err = r.Store.People(ctx, people)
	return err
}

// peopleIn lists whose names a page needs.
func (r Reader) peopleIn(src record.Source) []desk.PersonID {
	ids := append([]desk.PersonID{src.Case.Requester}, src.Case.Members...)
	if by := src.Case.Chat.EndedBy; by.Side == desk.SideCustomer {
		ids = append(ids, desk.PersonID(by.ID))
	}
	seen := map[desk.PersonID]bool{"": true}
	add := func(id desk.PersonID) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, e := range src.Entries {
		if e.Author.Side == desk.SideCustomer {
			add(desk.PersonID(e.Author.ID))
		}
		for _, id := range r.Mentioned(src.Case.Workspace, e.Text) {
			add(id)
		}
	}
	return ids
}

// Mentioned lists the people that a text of a workspace names by their id.
func (r Reader) Mentioned(w desk.WorkspaceID, markdown string) []desk.PersonID {
	var ids []desk.PersonID
	for {
		_, rest, found := strings.Cut(markdown, "<@")
		if !found {
			return ids
		}
		end := strings.IndexAny(rest, ">|")
		if end < 0 {
			return ids
		}
		ids = append(ids, r.Person(w, rest[:end]))
		markdown = rest[end:]
	}
}
