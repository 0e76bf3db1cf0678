package feed

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHintsAreKeptOnceUntilTaken(t *testing.T) {
	var f Feed
	f.Publish(Hint{Channel, "C0"}) // nobody listens
	s := f.Subscribe()
	f.Publish(Hint{Channel, "C1"}, Hint{View, "U1"})
	f.Publish(Hint{Channel, "C1"})
	<-s.C()
	if diff := cmp.Diff([]Hint{{Channel, "C1"}, {View, "U1"}}, s.Take()); diff != "" {
		t.Error(diff)
	}
	f.Publish(Hint{Channel, "C1"})
	<-s.C()
	if diff := cmp.Diff([]Hint{{Channel, "C1"}}, s.Take()); diff != "" {
		t.Error(diff)
	}
	s.Close()
	f.Publish(Hint{Channel, "C1"})
	if got := s.Take(); got != nil {
		t.Errorf("after Close: %v", got)
	}
}
