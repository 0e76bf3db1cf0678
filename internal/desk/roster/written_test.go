package roster_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/roster"
)

func TestHoursAreReadAsTheyAreWritten(t *testing.T) {
	w := roster.Written{
		Zone:     "Europe/Berlin",
		Open:     "mon-fri 09:00-17:30\nsat,sun 10:00-24:00\nfri-mon 00:00-01:00",
		Holidays: "12-25 Christmas Day\n2026-05-01\n02-29 Leap",
	}
	h, err := w.Read()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w, roster.Write(h)); diff != "" && roster.Write(h).Open != "mon-fri 09:00-17:30\nsat-sun 10:00-24:00\nfri-mon 00:00-01:00" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if again, err := roster.Write(h).Read(); err != nil || len(again.Open) != 3 || len(again.Open[2].Days) != 4 || len(again.Holidays) != 3 || again.Holidays[1].Year != 2026 {
		t.Errorf("read again: %+v, %v", again, err)
	}
	if open, _ := h.Next(time.Date(2026, 12, 25, 11, 0, 0, 0, time.UTC)); open {
		t.Error("open on Christmas Day")
	}
	if open, _ := h.Next(time.Date(2026, 12, 24, 11, 0, 0, 0, time.UTC)); !open {
		t.Error("closed on a Thursday at noon")
	}
	if h, err := (roster.Written{}).Read(); err != nil || h.Zone != nil || roster.Write(h) != (roster.Written{}) {
		t.Errorf("always: got %+v, %v", h, err)
	}
}

func TestWhatIsWrongWithHoursIsSaidBesideIt(t *testing.T) {
	for field, all := range map[string][]roster.Written{
		"zone":     {{Open: "mon 09:00-10:00"}, {Zone: "Berlin", Open: "mon 09:00-10:00"}, {Zone: "Local", Open: "mon 09:00-10:00"}},
		"open":     {{Zone: "UTC"}, {Zone: "UTC", Open: "mon"}, {Zone: "UTC", Open: "noday 09:00-10:00"}, {Zone: "UTC", Open: "mon 10:00-09:00"}, {Zone: "UTC", Open: "mon 09:00-24:01"}, {Zone: "UTC", Open: "mon 09:60-12:00"}},
		"holidays": {{Zone: "UTC", Open: "mon 09:00-10:00", Holidays: "Christmas"}, {Zone: "UTC", Open: "mon 09:00-10:00", Holidays: "2026-02-30"}},
	} {
		for _, w := range all {
			_, err := w.Read()
			if why, ok := errors.AsType[*desk.Refusal](err); !ok || why.Field != field {
				t.Errorf("%+v: got %v, want it to be about %s", w, err, field)
			}
		}
	}
}
