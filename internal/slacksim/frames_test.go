package slacksim_test

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"caseline/internal/slacksim"
)

// Python's client, unlike those of Go and Node, cannot put the frames of a message
// together: each envelope is one, however long, and whether compression is offered
// or not.
func TestEachEnvelopeIsOneFrame(t *testing.T) {
	for _, extension := range []string{"", "permessage-deflate"} {
		t.Run("offers "+extension, func(t *testing.T) {
			s := newSocketStage(t, slacksim.Options{})
			frames := s.frames(t, extension)
			if hello := <-frames; !strings.Contains(hello, `"hello"`) {
				t.Fatalf("got %q", hello)
			}
			for _, length := range []int{10, 2000, 3500, 9000, 20000} {
				words := strings.Repeat("word ", length/5)
				s.ops.Post(s.alice, words)
				got := <-frames
				for strings.HasPrefix(got, "{") && !strings.Contains(got, strings.TrimSpace(words)) {
					got = <-frames // one before, that came again
				}
				if !strings.HasSuffix(got, "}") {
					t.Errorf("%d characters: got %.80q", length, got)
				}
			}
		})
	}
}

// frames opens a socket by hand and returns the texts of its frames; what is no
// whole text is told as such.
func (s *stage) frames(t *testing.T, extension string) <-chan string {
	t.Helper()
	_, address, err := slack.New("xoxb-1", slack.OptionAppLevelToken(appToken), slack.OptionAPIURL(s.sim.World.BaseURL()+"/api/")).StartSocketModeContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	ask := "GET " + u.RequestURI() + " HTTP/1.1\r\nHost: " + u.Host + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	if extension != "" {
		ask += "Sec-WebSocket-Extensions: " + extension + "; server_no_context_takeover; client_no_context_takeover\r\n"
	}
	if _, err := io.WriteString(conn, ask+"\r\n"); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	resp, err := http.ReadResponse(r, nil)
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols || (extension != "") != strings.Contains(resp.Header.Get("Sec-WebSocket-Extensions"), "deflate") {
		t.Fatalf("got %+v, %v", resp, err)
	}
	frames := make(chan string, 16)
	go func() { // ends with the connection
		defer close(frames)
		for {
			first, body, err := readFrame(r)
			if err != nil {
				return
			}
			switch kind := first & 0x0f; {
			case first == 0x81: // whole, text, not compressed
				ackFrame(conn, body)
				frames <- string(body)
			case kind <= 2:
				frames <- fmt.Sprintf("a frame with the first byte %#x", first)
			}
		}
	}()
	return frames
}

// ackFrame acks an envelope, in a frame that is masked with zeros.
func ackFrame(conn net.Conn, body []byte) {
	var envelope struct {
		ID string `json:"envelope_id"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil || envelope.ID == "" {
		return // a hello
	}
	ack := `{"envelope_id":"` + envelope.ID + `"}`
	_, _ = conn.Write(append([]byte{0x81, 0x80 | byte(len(ack)), 0, 0, 0, 0}, ack...)) // or it comes again
}

// readFrame reads a server's frame, which is not masked.
func readFrame(r *bufio.Reader) (first byte, body []byte, err error) {
	var head [2]byte
	if _, err = io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	length := uint64(head[1])
	switch length {
	case 126:
		var n uint16
		err = binary.Read(r, binary.BigEndian, &n)
		length = uint64(n)
	case 127:
		err = binary.Read(r, binary.BigEndian, &length)
	}
	if err != nil {
		return 0, nil, err
	}
	body = make([]byte, length)
	_, err = io.ReadFull(r, body)
	return head[0], body, err
}
