package wire

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The vector that Slack publishes.
const (
	publishedSecret    = "8f742231b10e8888abcd99yyyzzz85a5"
	publishedTimestamp = "1531420618"
	publishedBody      = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	publishedSignature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
)

var publishedTime = time.Unix(1531420618, 0)

func TestVerify(t *testing.T) {
	v := NewVerifier(publishedSecret)
	tests := []struct {
		name                       string
		timestamp, signature, body string
		later                      time.Duration
		want                       error
	}{
		{"published vector", publishedTimestamp, publishedSignature, publishedBody, 0, nil},
		{"again within five minutes", publishedTimestamp, publishedSignature, publishedBody, 299 * time.Second, nil},
		{"at the limit", publishedTimestamp, publishedSignature, publishedBody, 300 * time.Second, nil},
		{"over the limit", publishedTimestamp, publishedSignature, publishedBody, 301 * time.Second, ErrStale},
		{"our clock is behind", publishedTimestamp, publishedSignature, publishedBody, -300 * time.Second, nil},
		{"our clock is far behind", publishedTimestamp, publishedSignature, publishedBody, -301 * time.Second, ErrStale},
		{"one byte more", publishedTimestamp, publishedSignature, publishedBody + "&", 0, ErrBadSignature},
		{"one byte changed", publishedTimestamp, publishedSignature, strings.Replace(publishedBody, "foobar", "fooBar", 1), 0, ErrBadSignature},
		{"another timestamp", "1531420619", publishedSignature, publishedBody, 0, ErrBadSignature},
		{"ssl_check is no way around", publishedTimestamp, publishedSignature, "ssl_check=1", 0, ErrBadSignature},
		{"no signature", publishedTimestamp, "", publishedBody, 0, ErrUnsigned},
		{"no timestamp", "", publishedSignature, publishedBody, 0, ErrUnsigned},
		{"another version", publishedTimestamp, "v1" + publishedSignature[2:], publishedBody, 0, ErrUnsigned},
		{"no version", publishedTimestamp, publishedSignature[3:], publishedBody, 0, ErrUnsigned},
		{"cut off", publishedTimestamp, publishedSignature[:60], publishedBody, 0, ErrUnsigned},
		{"too long", publishedTimestamp, publishedSignature + "00", publishedBody, 0, ErrUnsigned},
		{"not hexadecimal", publishedTimestamp, "v0=" + strings.Repeat("g", 64), publishedBody, 0, ErrUnsigned},
		{"no number", "now", publishedSignature, publishedBody, 0, ErrUnsigned},
		{"a negative number", "-1531420618", publishedSignature, publishedBody, 0, ErrUnsigned},
		{"a huge number", "999999999999999999", publishedSignature, publishedBody, 0, ErrStale},
		{"a number too large", strings.Repeat("9", 40), publishedSignature, publishedBody, 0, ErrUnsigned},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := v.Verify(tt.timestamp, tt.signature, []byte(tt.body), publishedTime.Add(tt.later))
			if !errors.Is(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestVerifyWithSeveralSecrets(t *testing.T) {
	check := func(v *Verifier) error {
		return v.Verify(publishedTimestamp, publishedSignature, []byte(publishedBody), publishedTime)
	}
	for _, secrets := range [][]string{{publishedSecret, "newer"}, {"newer", publishedSecret}, {"", publishedSecret}} {
		if err := check(NewVerifier(secrets...)); err != nil {
			t.Errorf("%q: got %v, want no error", secrets, err)
		}
	}
	for _, secrets := range [][]string{{"newer", "older"}, {""}, nil} {
		if err := check(NewVerifier(secrets...)); !errors.Is(err, ErrBadSignature) {
			t.Errorf("%q: got %v, want ErrBadSignature", secrets, err)
		}
	}
	empty := Sign("", publishedTimestamp, []byte(publishedBody))
	if err := NewVerifier("").Verify(publishedTimestamp, empty, []byte(publishedBody), publishedTime); !errors.Is(err, ErrBadSignature) {
		t.Errorf("an empty secret: got %v, want ErrBadSignature", err)
	}
}

func TestSign(t *testing.T) {
	if got := Sign(publishedSecret, publishedTimestamp, []byte(publishedBody)); got != publishedSignature {
		t.Errorf("got %s, want %s", got, publishedSignature)
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(publishedTimestamp, publishedSignature, []byte(publishedBody))
	f.Add("", "v0=", []byte(nil))
	f.Add("-1", "v0=zz", []byte("x"))
	v := NewVerifier(publishedSecret)
	f.Fuzz(func(t *testing.T, timestamp, signature string, body []byte) {
		err := v.Verify(timestamp, signature, body, publishedTime)
		if err == nil && !strings.EqualFold(signature, Sign(publishedSecret, timestamp, body)) {
			t.Errorf("accepted %q at %q", signature, timestamp)
		}
		now := strconv.FormatInt(publishedTime.Unix(), 10)
		if err := v.Verify(now, Sign(publishedSecret, now, body), body, publishedTime); err != nil {
			t.Errorf("refused what is signed: %v", err)
		}
	})
}
