package pack

import (
	"encoding/binary"
	"errors"
)

// A Row is a row in as few bytes as can be had cheaply.
type Row string

// Pack packs the values that fields point to: strings, int64s and bools.
func Pack(fields []any) Row {
	var room [512]byte
	p := room[:0]
	for _, field := range fields {
		switch f := field.(type) {
		case *string:
			p = append(binary.AppendUvarint(p, uint64(len(*f))), *f...)
		case *int64:
			p = binary.AppendVarint(p, *f)
		case *bool:
			if *f {
				p = append(p, 1)
			} else {
				p = append(p, 0)
			}
		}
	}
	return Row(p)
}

var errShort = errors.New("the row is shorter than what it is read into")

// Scan reads a row into pointers like those given to Pack. It copies nothing:
// strings are cut out of the row.
func (p Row) Scan(dest ...any) error {
	for _, d := range dest {
		n := 0
		switch d := d.(type) {
		case *string:
			length, at := uvarint(p)
			if n = at + int(length); at <= 0 || n > len(p) {
				return errShort
			}
			*d = string(p[at:n])
		case *int64:
			var u uint64
			if u, n = uvarint(p); n <= 0 {
				return errShort
			}
			*d = int64(u>>1) ^ -int64(u&1)
		case *bool:
			if n = 1; len(p) == 0 {
				return errShort
			}
			*d = p[0] == 1
		}
		p = p[n:]
	}
	return nil
}

// uvarint is binary.Uvarint for a string; n is 0 when there is none.
func uvarint(p Row) (u uint64, n int) {
	for i := range min(len(p), binary.MaxVarintLen64) {
		u |= uint64(p[i]&0x7f) << (7 * i)
		if p[i] < 0x80 {
			return u, i + 1
		}
	}
	return 0, 0
}
