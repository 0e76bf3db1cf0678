package stream

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"
)

// A writer writes server-sent events to a connection that serves nothing else.
type writer struct {
	conn     net.Conn
	now      func() time.Time
	patience time.Duration
	text     []byte // the head of the answer, then room for the next event
}

// head is the beginning of an answer that lasts as long as its connection.
func head(h http.Header) []byte {
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 200 OK\r\nConnection: close\r\n")
	// A buffer takes everything.
	_ = h.Write(&b)
	b.WriteString("\r\n")
	return b.Bytes()
}

// hello writes the head and the first event.
func (o *writer) hello() error {
	o.text = fmt.Appendf(o.text, "retry: %d\n\n", reconnect.Milliseconds())
	if err := o.flush(); err != nil {
		return err
	}
	o.text = nil
	return o.send("hello", struct{}{})
}

func (o *writer) beat() error {
	o.text = append(o.text[:0], ": beat\n\n"...)
	return o.flush()
}

// maxRoom is how much room a stream keeps between its events.
const maxRoom = 1 << 10

// send writes one event and sees that it leaves.
func (o *writer) send(event string, data any) error {
	body, err := json.Marshal(data)
	if err != nil {
		return err
	}
	o.text = fmt.Appendf(o.text[:0], "id: %d\nevent: %s\ndata: %s\n\n", o.now().UnixMicro(), event, body)
	return o.flush()
}

func (o *writer) flush() error {
	// The connection goes by the system's clock, whatever ours says.
	if err := o.conn.SetWriteDeadline(time.Now().Add(o.patience)); err != nil {
		return err
	}
	_, err := o.conn.Write(o.text)
	if cap(o.text) > maxRoom {
		o.text = nil
	}
	return err
}

// watch returns when the reader has left. Readers of a stream say nothing; one
// that does is none.
func (o *writer) watch() {
	// Whatever comes of it, an error or a byte, is the end.
	_, _ = o.conn.Read(make([]byte, 1))
}

// cutOff ends what waits for the connection.
func (o *writer) cutOff() {
	// An error means that it is closed already.
	_ = o.conn.Close()
}
