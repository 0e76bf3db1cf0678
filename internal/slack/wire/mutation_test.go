package wire

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"caseline/internal/slack/wire/wiretest"
)

// Whatever one part of an event is, the rest is read, what cannot be used is
// kept as it came, and Peek sees what Decode sees.
func TestEventsWithOneThingWrong(t *testing.T) {
	for name, body := range payloads(t, wiretest.Events) {
		t.Run(name, func(t *testing.T) {
			was, _, err := Decode(body)
			if err != nil {
				t.Fatal(err)
			}
			for what, body := range wiretest.Mutations(t, body) {
				e, ev, err := Decode(body)
				if err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				if !strings.HasPrefix(what, ".event_id") && e.EventID != was.EventID {
					t.Errorf("%s: the event's id is %q", what, e.EventID)
				}
				if !bytes.Contains(body, e.Event) || ev.Type != "" && string(ev.Raw) != string(e.Event) {
					t.Errorf("%s: the event is not kept as it came", what)
				}
				if m, ok := ev.Content.(*Message); ok {
					storable(t, m.Text, m.User, m.Channel, string(m.Ts), m.Author())
				}
				peekAgrees(t, body)
			}
		})
	}
}

func TestInteractionsWithOneThingWrong(t *testing.T) {
	for name, body := range payloads(t, wiretest.Interactions) {
		t.Run(name, func(t *testing.T) {
			was, err := DecodeInteraction(body)
			if err != nil {
				t.Fatal(err)
			}
			for what, body := range wiretest.Mutations(t, body) {
				in, err := DecodeInteraction(body)
				if err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				if !strings.HasPrefix(what, ".type ") && in.Type != was.Type || !strings.HasPrefix(what, ".user") && in.User != was.User || string(in.Raw) != string(body) {
					t.Errorf("%s: it is a %q of %q now", what, in.Type, in.User.ID)
				}
			}
		})
	}
}

func TestCommandsOfSocketsWithOneThingWrong(t *testing.T) {
	for name, body := range wiretest.All(t, wiretest.Slash, ".json") {
		t.Run(name, func(t *testing.T) {
			for what, body := range wiretest.Mutations(t, body) {
				s, err := DecodeSlashPayload(body)
				switch named := strings.HasPrefix(what, ".command "); {
				case named && err != nil && !errors.Is(err, ErrNoCommand):
					t.Errorf("%s: %v", what, err)
				case !named && (err != nil || s.Command != "/support"):
					t.Errorf("%s: %q, %v", what, s.Command, err)
				}
			}
		})
	}
}

// A frame can be acked as long as its id is right, whatever else is not.
func TestFramesWithOneThingWrong(t *testing.T) {
	for name, body := range wiretest.All(t, wiretest.Frames, ".json") {
		t.Run(name, func(t *testing.T) {
			was, err := DecodeFrame(body)
			if err != nil {
				t.Fatal(err)
			}
			for what, body := range wiretest.Mutations(t, body) {
				if f, err := DecodeFrame(body); err != nil || !strings.HasPrefix(what, ".envelope_id ") && f.EnvelopeID != was.EnvelopeID {
					t.Errorf("%s: its id is %q, %v", what, f.EnvelopeID, err)
				}
			}
		})
	}
}
