package wire

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestFrames(t *testing.T) {
	const host = "applink-7fc4fdbb64-4x5xq"
	tests := map[string]Frame{
		"hello":                       {Type: TypeHello, NumConnections: 2, Host: host, AppID: "A0CASE"},
		"disconnect_warning":          {Type: TypeDisconnect, Reason: ReasonWarning, Host: host},
		"disconnect_refresh":          {Type: TypeDisconnect, Reason: ReasonRefresh, Host: host},
		"disconnect_link_disabled":    {Type: TypeDisconnect, Reason: ReasonDisabled, Host: host},
		"disconnect_too_many":         {Type: TypeDisconnect, Reason: ReasonTooMany, NumConnections: 11, Host: host, AppID: "A0CASE"},
		"events_api":                  {Type: TypeEventsAPI, EnvelopeID: "57d6a792-4d35-4d0b-b6aa-3361493e1caf"},
		"events_api_retry":            {Type: TypeEventsAPI, EnvelopeID: "4b3c1f8d-7a3e-4ad0-9c02-1d2f9c0f1b11", RetryAttempt: 2, RetryReason: "timeout"},
		"slash_commands":              {Type: TypeSlash, EnvelopeID: "dbdd0ef3-1543-4f94-bfb4-133d0e6c1545", AcceptsPayload: true},
		"interactive_view_submission": {Type: TypeInteractive, EnvelopeID: "1d3c79ab-0ffb-41f3-a080-d19e85f53649", AcceptsPayload: true},
		"interactive_block_suggestion": {
			Type: TypeInteractive, EnvelopeID: "08cfc559-d933-402e-a5c1-79e135afaae4", AcceptsPayload: true,
		},
		"interactive_shortcut": {Type: TypeInteractive, EnvelopeID: "ac2cfd40-6f8c-4d5e-a1ad-646e532baa19"},
		"odd_kinds":            {Type: TypeEventsAPI, EnvelopeID: "17", AcceptsPayload: true, RetryAttempt: 1},
		"unknown_type":         {Type: "holograms", EnvelopeID: "9fc2a7a0-6c1d-4ea2-9d52-3f0a4c1a6a10", AcceptsPayload: true},
	}
	for name, body := range payloads(t, "frames") {
		if name == "cut_off" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			want, ok := tests[name]
			if !ok {
				t.Fatal("nobody says what it is")
			}
			got, err := DecodeFrame(body)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Frame{}, "Payload", "Odd")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What comes over a socket is decoded by what decodes the same over HTTP.
func TestPayloadsOfFrames(t *testing.T) {
	frame := func(name string) []byte {
		f, err := DecodeFrame(payload(t, "frames/"+name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		return f.Payload
	}
	if p, err := Peek(frame("events_api")); err != nil || p.EventID != "Ev0001" || p.Channel != "C0OPS" || p.Workspace != "T0ACME" {
		t.Errorf("event: got %+v, %v", p, err)
	}
	if s, err := DecodeSlashPayload(frame("slash_commands")); err != nil || s.Command != "/support" || s.Text != "status" || s.IsEnterpriseInstall {
		t.Errorf("command: got %+v, %v", s, err)
	}
	if in, err := DecodeInteraction(frame("interactive_block_suggestion")); err != nil || in.Typed != "bu" || in.BlockID != "service:technical" {
		t.Errorf("interaction: got %+v, %v", in, err)
	}
}

// is_enterprise_install is text over HTTP, and either here.
func TestSlashPayloadFlags(t *testing.T) {
	for raw, want := range map[string]bool{`true`: true, `"true"`: true, `false`: false, `"false"`: false, `null`: false, `{}`: false} {
		s, err := DecodeSlashPayload([]byte(`{"is_enterprise_install":` + raw + `,"command":"/support"}`))
		if err != nil || s.IsEnterpriseInstall != want {
			t.Errorf("%s: got %v, %v, want %v", raw, s.IsEnterpriseInstall, err, want)
		}
	}
}

// A frame that is broken can be acked all the same, so that it does not come
// again and again.
func TestABrokenFrameKeepsItsID(t *testing.T) {
	f, err := DecodeFrame(payload(t, "frames/cut_off.txt"))
	if _, ok := errors.AsType[*SyntaxError](err); !ok || f.EnvelopeID != "57d6a792-4d35-4d0b-b6aa-3361493e1caf" || f.Payload != nil {
		t.Errorf("got %+v, %v", f, err)
	}
}

func FuzzDecodeFrame(f *testing.F) {
	for _, body := range payloads(f, "frames") {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		frame, err := DecodeFrame(body)
		sameJudgement(t, body, err)
		storable(t, frame.Type, frame.EnvelopeID, frame.Reason, frame.Host, frame.RetryReason, frame.AppID)
		if err != nil || frame.Payload == nil {
			return
		}
		if _, err := DecodeEnvelope(frame.Payload); err != nil {
			sameJudgement(t, frame.Payload, err)
		}
	})
}
