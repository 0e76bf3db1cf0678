package wire

import (
	"encoding/json"
	"os"
	"testing"
	"time"
)

func compactMessage(b *testing.B) []byte {
	b.Helper()
	body, err := os.ReadFile("testdata/message_compact.json")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	return body
}

func BenchmarkPeek(b *testing.B) {
	body := compactMessage(b)
	for b.Loop() {
		if _, err := Peek(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	body := compactMessage(b)
	for b.Loop() {
		if _, _, err := Decode(body); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEncodingJSON decodes the same fields of the same event with the
// standard library, for comparison.
func BenchmarkEncodingJSON(b *testing.B) {
	body := compactMessage(b)
	for b.Loop() {
		var e struct {
			Type           string `json:"type"`
			TeamID         string `json:"team_id"`
			APIAppID       string `json:"api_app_id"`
			EventID        string `json:"event_id"`
			EventTime      int64  `json:"event_time"`
			EventContext   string `json:"event_context"`
			Authorizations []struct {
				TeamID string `json:"team_id"`
				UserID string `json:"user_id"`
				IsBot  bool   `json:"is_bot"`
			} `json:"authorizations"`
			Event struct {
				Type         string          `json:"type"`
				ClientMsgID  string          `json:"client_msg_id"`
				Text         string          `json:"text"`
				User         string          `json:"user"`
				Ts           string          `json:"ts"`
				Team         string          `json:"team"`
				Blocks       json.RawMessage `json:"blocks"`
				ThreadTs     string          `json:"thread_ts"`
				ParentUserID string          `json:"parent_user_id"`
				Channel      string          `json:"channel"`
				EventTs      string          `json:"event_ts"`
				ChannelType  string          `json:"channel_type"`
			} `json:"event"`
		}
		if err := json.Unmarshal(body, &e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	body := compactMessage(b)
	v := NewVerifier("8f742231b10e8888abcd99yyyzzz85a5")
	now := time.Unix(1531420618, 0)
	signature := Sign("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body)
	for b.Loop() {
		if err := v.Verify("1531420618", signature, body, now); err != nil {
			b.Fatal(err)
		}
	}
}
