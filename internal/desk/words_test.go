package desk

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// spoke is a running chat in which Jane has said something.
func spoke(t *testing.T) (c Case, jane Actor, said Correspondence) {
	t.Helper()
	c, jane = newCase(t), ByAgent(Agent{ID: "a1", Name: "Jane"})
	c.Request("chat-1", "T1/U1", "o1", noon)
	c.Join(jane, "o2", noon)
	said, err := c.Reply(jane, "try tonic", "o3", noon)
	if err != nil {
		t.Fatal(err)
	}
	return c, jane, said
}

func TestWhoMayChangeWordsAndWhen(t *testing.T) {
	c, jane, said := spoke(t)
	note, _ := c.Note(jane, "a note", "n", noon)
	outside := said
	outside.Chat = ""
	over := c
	over.End(jane, EndedByAgent, "end", noon)
	next := over
	next.Request("chat-2", "T1/U1", "r", noon)
	next.Join(jane, "j", noon)
	hers := said
	hers.Author = ByCustomer("a1")
	for name, tt := range map[string]struct {
		c    Case
		by   Actor
		old  Correspondence
		want error
	}{
		"the author":               {c, jane, said, nil},
		"somebody else":            {c, ByAgent(Agent{ID: "a2"}), said, ErrForbidden},
		"a customer's words":       {c, jane, hers, ErrForbidden},
		"a note":                   {c, jane, note, ErrForbidden},
		"outside the chat":         {c, jane, outside, ErrConflict},
		"after the end":            {over, jane, said, ErrConflict},
		"words of an earlier chat": {next, jane, said, ErrConflict},
	} {
		t.Run(name, func(t *testing.T) {
			_, changed, err := tt.c.Amend(tt.by, tt.old, nil, "try sonic", "e", noon)
			if !errors.Is(err, tt.want) || changed != (tt.want == nil) {
				t.Errorf("amend: got %v, %v, want %v", changed, err, tt.want)
			}
			_, changed, err = tt.c.Withdraw(tt.by, tt.old, nil, "d", noon)
			if !errors.Is(err, tt.want) || changed != (tt.want == nil) {
				t.Errorf("withdraw: got %v, %v, want %v", changed, err, tt.want)
			}
		})
	}
}

func TestChangesOfWords(t *testing.T) {
	c, jane, said := spoke(t)
	if _, changed, err := c.Amend(jane, said, nil, "try tonic", "e0", noon); changed || err != nil {
		t.Errorf("the same words: got %v, %v, want no change", changed, err)
	}
	edit, changed, err := c.Amend(jane, said, nil, "try sonic", "e1", noon)
	if !changed || err != nil || edit.Kind != KindEdit || edit.Refers != said.Seq || edit.Chat != said.Chat {
		t.Fatalf("edit: got %+v, %v, %v", edit, changed, err)
	}
	changes := []Correspondence{edit}
	if got := Wording(said, changes); got != "try sonic" {
		t.Errorf("it says %q", got)
	}
	if _, changed, err := c.Amend(jane, said, changes, "try tonic", "e2", noon); !changed || err != nil {
		t.Errorf("back to the first words: got %v, %v", changed, err)
	}
	for _, text := range []string{" \n", strings.Repeat("x", MaxReply+1)} {
		if _, _, err := c.Amend(jane, said, changes, text, "e3", noon); !errors.Is(err, ErrInvalid) {
			t.Errorf("%.10q: got %v, want it refused", text, err)
		}
	}
	gone, changed, err := c.Withdraw(jane, said, changes, "d1", noon)
	if !changed || err != nil || gone.Kind != KindDeletion || gone.Text != "" {
		t.Fatalf("deletion: got %+v, %v, %v", gone, changed, err)
	}
	changes = append(changes, gone)
	if _, changed, err := c.Withdraw(jane, said, changes, "d2", noon); changed || err != nil {
		t.Errorf("deleting twice: got %v, %v, want no change", changed, err)
	}
	if _, _, err := c.Amend(jane, said, changes, "still here", "e4", noon); !errors.Is(err, ErrConflict) {
		t.Errorf("an edit after the deletion: got %v, want a conflict", err)
	}
}

func TestNotesAreWrittenAtAnyTime(t *testing.T) {
	omar := ByAgent(Agent{ID: "a2", Name: "Omar"})
	c := newCase(t)
	chat := func(want ChatID) {
		t.Helper()
		n, err := c.Note(omar, "between us", "n", noon)
		if err != nil || n.Kind != KindNote || n.Chat != want {
			t.Errorf("got %+v, %v, want a note of chat %q", n, err, want)
		}
	}
	chat("")
	c.Request("chat-1", "T1/U1", "o1", noon)
	chat("chat-1")
	c.Join(ByAgent(Agent{ID: "a1", Name: "Jane"}), "o2", noon)
	chat("chat-1")
	c.End(BySystem(), EndedByAgent, "o3", noon)
	chat("")
	c.Resolve(BySystem(), "o4", noon.Add(time.Minute))
	chat("")
	if _, err := c.Note(omar, " ", "n", noon); !errors.Is(err, ErrInvalid) {
		t.Errorf("an empty note: got %v", err)
	}
}
