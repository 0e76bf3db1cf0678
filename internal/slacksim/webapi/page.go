package webapi

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
)

const maxPage = 1000

// cursor writes where the next page begins, the way Slack's look.
func cursor(kind, at string) string {
	return base64.StdEncoding.EncodeToString([]byte(kind + ":" + at))
}

// openCursor reads the argument cursor; empty if there is none.
func (c *call) openCursor(kind string) (string, error) {
	s := c.args.str("cursor")
	if s == "" {
		return "", nil
	}
	raw, err := base64.StdEncoding.DecodeString(s)
	at, ok := strings.CutPrefix(string(raw), kind+":")
	if err != nil || !ok {
		return "", errors.New("invalid_cursor")
	}
	return at, nil
}

// limit reads the argument limit. Zero means the fallback.
func (c *call) limit(fallback int) (int, error) {
	n, err := c.args.number("limit", fallback)
	if err != nil || n > maxPage {
		return 0, errors.New("invalid_limit")
	}
	if n == 0 {
		n = fallback
	}
	return n, nil
}

// paged answers with one page of a list.
func (c *call) paged(key string, all []any, fallback int) (answer, error) {
	n, err := c.limit(fallback)
	if err != nil {
		return nil, err
	}
	at, err := c.openCursor("offset")
	if err != nil {
		return nil, err
	}
	from := 0
	if at != "" {
		if from, err = strconv.Atoi(at); err != nil || from < 0 || from > len(all) {
			return nil, errors.New("invalid_cursor")
		}
	}
	to, next := min(from+n, len(all)), ""
	if to < len(all) {
		next = cursor("offset", strconv.Itoa(to))
	}
	page := all[from:to]
	if page == nil {
		page = []any{}
	}
	return answer{key: page, "response_metadata": answer{"next_cursor": next}}, nil
}
