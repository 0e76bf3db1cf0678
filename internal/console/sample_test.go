package console_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"time"

	"caseline/internal/casework"
	"caseline/internal/desk"
)

// A sample is a house with cases in all states.
type sample struct {
	*house
	jane, omar                          desk.Agent
	requested, running, ended, resolved desk.Case
	watched                             desk.Case
}

// fill makes a working day of it, ending now.
func fill(h *house) *sample {
	h.t.Helper()
	s := &sample{
		house: h,
		jane:  h.agent("jane@example.com", "Jane Doe", desk.RoleAgent),
		omar:  h.agent("omar@example.com", "Omar Haddad", desk.RoleOperator),
	}
	now := h.clock.now()
	h.clock.mu.Lock()
	h.clock.run = false
	h.clock.mu.Unlock()
	s.past(now.Add(-27 * time.Hour))
	s.finished(now.Add(-3 * time.Hour))
	s.colleague(now.Add(-35 * time.Minute))
	s.busy(now.Add(-26 * time.Minute))
	s.waiting(now)
	h.clock.start()
	return s
}

func (s *sample) at(t time.Time) { s.clock.set(t.UTC().Truncate(time.Microsecond)) }

func (s *sample) past(t time.Time) {
	s.at(t)
	c := s.opened("How do I rotate the signing key?", "The docs mention `rotate`, but the command is not there in 4.2.", "T1:UEMI", desk.SeverityLow)
	s.settleAll(c.ID)
	s.at(t.Add(11 * time.Minute))
	s.join(c, s.omar)
	s.at(t.Add(12 * time.Minute))
	s.reply(c, s.omar, "Hi Emi, it moved: `key rotate --confirm`. The old name comes back as an alias in 4.3.")
	s.at(t.Add(14 * time.Minute))
	s.say(c, "T1:UEMI", "That works, thank you!")
	s.settleAll(c.ID)
	if _, _, err := s.cases.Resolve(s.t.Context(), casework.Resolve{
		Target: casework.Target{Case: c.ID}, By: desk.ByAgent(s.omar), Origin: s.origin(),
	}); err != nil {
		s.t.Fatal(err)
	}
	s.settleAll(c.ID)
	s.resolved = s.get(c.ID)
}

func (s *sample) finished(t time.Time) {
	s.at(t)
	c := s.opened("Invoices of October show the wrong VAT rate", "All invoices created after the 28th have 19 % instead of 7 %.\n\nWe noticed because our accountant did. There are **214** of them.", "T1:UCARLA", desk.SeverityHigh)
	s.settleAll(c.ID)
	s.at(t.Add(4 * time.Minute))
	s.join(c, s.jane)
	s.at(t.Add(5 * time.Minute))
	s.reply(c, s.jane, "Hello Carla, I see them. Could you send me one of the affected PDFs?")
	s.at(t.Add(7 * time.Minute))
	s.say(c, "T1:UCARLA", "Sure, here is one and the list.",
		desk.NewFile{SlackID: "F1", Name: "RE-2026-10-1187.pdf", Type: "application/pdf", Size: 184_220},
		desk.NewFile{SlackID: "F2", Name: "affected.csv", Type: "text/csv", Size: 9_120})
	s.fetched(c, "RE-2026-10-1187.pdf", "application/pdf", bytes.Repeat([]byte("x"), 184_220))
	s.fetched(c, "affected.csv", "text/csv", bytes.Repeat([]byte("y"), 9_120))
	s.at(t.Add(15 * time.Minute))
	o := s.say(c, "T1:UBOB", "It is 219 of them by now.")
	s.at(t.Add(16 * time.Minute))
	s.edit(c, o, "T1:UBOB", "It is **221** of them by now, the list has all.")
	s.at(t.Add(24 * time.Minute))
	s.reply(c, s.jane, "Found it: the tax table was updated a day early. I have started the correction; the invoices will be right in an hour.")
	s.settleAll(c.ID)
	s.at(t.Add(31 * time.Minute))
	s.say(c, "T1:UCARLA", "Perfect.")
	s.end(c, desk.ByCustomer("T1:UCARLA"), desk.EndedByCustomer)
	s.settleAll(c.ID)
	s.ended = s.get(c.ID)
}

func (s *sample) colleague(t time.Time) {
	s.at(t)
	c := s.opened("Webhook deliveries arrive twice", "Since this morning.", "T1:UDEV", desk.SeverityNormal)
	s.settleAll(c.ID)
	s.at(t.Add(3 * time.Minute))
	s.join(c, s.omar)
	s.reply(c, s.omar, "Looking at it now.")
	s.settleAll(c.ID)
	s.watched = s.get(c.ID)
}

func (s *sample) busy(t time.Time) {
	s.at(t)
	c := s.opened("Deploys to eu-west hang at “waiting for health checks”",
		"Since about 13:20 every deploy to **eu-west** stops here and times out after ten minutes:\n\n```\n[13:24:06] rollout: 3/12 ready\n[13:24:36] rollout: waiting for health checks (attempt 14)\n```\n\nUS is fine. Nothing changed on our side.", "T1:UALICE", desk.SeverityUrgent)
	s.settleAll(c.ID)
	steps := []func(){
		func() { s.join(c, s.jane); s.settleAll(c.ID) },
		func() {
			s.reply(c, s.jane, "Hi Alice, thanks for the details. I am looking at the health checks in *eu-west* now.")
			s.settleAll(c.ID)
		},
		func() { s.say(c, "T1:UALICE", "Great. It also affects staging:") },
		func() {
			s.say(c, "T1:UALICE", "- `api` hangs\n- `worker` hangs\n- `web` is fine\n\nSo I *think* it is the ones with a sidecar. See [our status page](https://status.example.com/eu-west).")
		},
		func() { s.run("o", "T1:UBOB", c) },
		func() {
			s.say(c, "T1:UBOB", "", desk.NewFile{SlackID: "F10", Name: "health-checks-eu-west.png", Type: "image/png", Size: 48_211})
			s.fetched(c, "health-checks-eu-west.png", "image/png", chart())
		},
		func() {
			s.reply(c, s.jane, "That fits. The sidecar's port was closed by the firewall change at 13:18:\n\n```go\nif cfg.Port != healthPort {\n\treturn fmt.Errorf(\"port %d is not open\", cfg.Port)\n}\n```\n\nI am rolling it back.")
			s.settleAll(c.ID)
		},
		func() { s.delete(c, s.say(c, "T1:UCARLA", "wrong channel, sorry"), "T1:UCARLA") },
		func() {
			s.reply(c, s.jane, "Rolled back. Could you try one deploy?")
			s.settle(c.ID, desk.Verdict{Kind: desk.Refused, Reason: "msg_blocks_too_long"})
			s.reply(c, s.jane, "Rolled back, please try one deploy.")
			s.settleAll(c.ID)
		},
		func() {
			s.say(c, "T1:UALICE", "Trying. The full log:",
				desk.NewFile{SlackID: "F11", Name: "deploy-api-eu-west-2026-11-22.log", Type: "text/plain", Size: 2_411_870},
				desk.NewFile{SlackID: "F12", Name: "trace.har", Type: "application/json", Size: 148_000_000})
			f := s.file(c, "trace.har")
			for s.settleLane(desk.FileLane(f.ID), desk.Verdict{Kind: desk.Refused, Reason: "The file is larger than 100 MB. Send a smaller one, or several parts."}) {
			}
		},
		func() {
			s.say(c, "T1:UALICE", "It is through! `api` is **12/12 ready** :tada:\nMany thanks, that was quick. One more question: should we expect the same in ap-south? We planned a deploy there tonight, and I would rather wait than wake somebody up.")
		},
		func() {
			s.reply(c, s.jane, "Glad to hear it! ap-south never got the change, so you are safe there.")
			s.settle(c.ID, desk.Verdict{Kind: desk.Retry, Reason: "ratelimited", At: s.now().Add(40 * time.Second)})
			s.reply(c, s.jane, "I will keep this open until your deploy tonight.")
		},
	}
	for i, step := range steps {
		s.at(t.Add(time.Duration(i+1) * 110 * time.Second))
		step()
	}
	s.running = s.get(c.ID)
}

// run is somebody who corrects themselves.
func (s *sample) run(_ string, who desk.PersonID, c desk.Case) {
	o := s.say(c, who, "The check fails on port 9201.")
	s.edit(c, o, who, "The check fails on port **9102**, I mistyped.")
}

func (s *sample) waiting(now time.Time) {
	s.at(now.Add(-19 * time.Minute))
	c := s.opened("Checkout is down for all customers", "Every payment fails with *502* since 14:31. We lose orders every minute, please hurry.", "T1:UDEV", desk.SeverityCritical)
	s.settleAll(c.ID)
	s.requested = s.get(c.ID)
	s.at(now.Add(-3*time.Hour - 12*time.Minute))
	s.opened("Export of the audit log stops at 10,000 rows", strings.Repeat("We need all of them for the yearly audit. ", 6), "T1:UBOB", desk.SeverityHigh)
	s.at(now.Add(-9 * time.Minute))
	s.opened("Two people cannot sign in with the new laptop", "They get “device not trusted” although both were enrolled last week.", "T1:UCARLA", desk.SeverityNormal)
	s.at(now.Add(-2 * time.Minute))
	s.opened("A question about seats", "Do guests count?", "T1:UEMI", desk.SeverityLow)
}

// chart is a small picture.
func chart() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 640, 260))
	for x := range 640 {
		for y := range 260 {
			img.Set(x, y, color.RGBA{24, 27, 34, 255})
			if y%52 == 0 {
				img.Set(x, y, color.RGBA{48, 52, 62, 255})
			}
		}
		h := 40 + (x*37%61)/3
		if x > 260 && x < 520 {
			h = 190 + (x*53%31)/2
		}
		for y := 255 - h; y < 255; y++ {
			if x%8 < 6 {
				img.Set(x, y, color.RGBA{uint8(70 + h), uint8(200 - h/2), 150, 255})
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		panic(err) // cannot happen: the picture is not empty and the writer is memory
	}
	return out.Bytes()
}
