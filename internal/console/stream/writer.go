package stream

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"caseline/internal/feed"
)

// A writer writes server-sent events to a connection that serves nothing else.
type writer struct {
	conn     net.Conn
	now      func() time.Time
	patience time.Duration
	rhythm   time.Duration // of beats
	rooms    *sync.Pool    // of *[]byte
	head     []byte        // of the answer, until it is written
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
	return o.write(func(to []byte) []byte {
		to = fmt.Appendf(append(to, o.head...), "retry: %d\n\n", (reconnect + rand.N(spread)).Milliseconds())
		o.head = nil
		return fmt.Appendf(o.event(to, "hello"), "{\"beat\":%d}\n\n", o.rhythm.Milliseconds())
	})
}

// beat is an event too, because a page hears of nothing else: one that hears none
// for long knows that its connection has died in silence.
func (o *writer) beat() error {
	return o.write(func(to []byte) []byte { return append(to, "event: beat\ndata: {}\n\n"...) })
}

// change tells of changes.
func (o *writer) change(changes []feed.Change) error {
	return o.write(func(to []byte) []byte {
		return append(appendChanges(o.event(to, "change"), changes), "\n\n"...)
	})
}

// event appends the beginning of an event of a kind.
func (o *writer) event(to []byte, kind string) []byte {
	to = strconv.AppendInt(append(to, "id: "...), o.now().UnixMicro(), 10)
	return append(append(append(to, "\nevent: "...), kind...), "\ndata: "...)
}

// maxRoom is how much room is kept for what is to be written next, by whichever
// stream: what an event tells of a few hundred cases.
const maxRoom = 32 << 10

// write writes what is appended and sees that it leaves.
func (o *writer) write(text func(to []byte) []byte) error {
	room, ok := o.rooms.Get().(*[]byte)
	if !ok {
		room = new([]byte)
	}
	*room = text((*room)[:0])
	// The connection goes by the system's clock, whatever ours says.
	err := o.conn.SetWriteDeadline(time.Now().Add(o.patience))
	if err == nil {
		_, err = o.conn.Write(*room)
	}
	if cap(*room) <= maxRoom {
		o.rooms.Put(room)
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
