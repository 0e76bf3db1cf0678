package scenario

import (
	"strings"
	"testing"

	"caseline/internal/app/doctor"
)

// TestTheDoctorExaminesAServerThatRuns: nothing is wrong with it, and it goes on as
// before. Then the app loses its way into the channel.
func TestTheDoctorExaminesAServerThatRuns(t *testing.T) {
	each(t, func(h *house) {
		examine := func() (odd []string) {
			d := doctor.New(h.cfg, doctor.Options{Free: func(string) (uint64, bool) { return 20 << 30, true }}, nil)
			d.Disk()
			d.Database(h.ctx)
			if d.Token(h.ctx) {
				d.Scopes()
				d.Clock()
				d.Channels(h.ctx)
				d.Pace(h.ctx)
			}
			d.Reach(h.ctx)
			d.Mail(h.ctx)
			for _, f := range d.Found() {
				if f.State != doctor.OK {
					odd = append(odd, f.Line())
				}
			}
			return odd
		}
		if odd := examine(); len(odd) > 0 {
			t.Errorf("of a server in order the doctor says %q", odd)
		}
		c := h.asks(h.alice, "Build is stuck").joins()
		c.post(h.alice, "it hangs")
		c.recorded("it hangs")
		h.ops.Kick(h.alice, h.bot.Bot)
		if odd := examine(); len(odd) != 1 || !strings.Contains(odd[0], h.ops.ID) || !strings.Contains(odd[0], "is private and the app is not in it") {
			t.Errorf("the doctor says %q", odd)
		}
	})
}
