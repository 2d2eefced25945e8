package web

import (
	"bytes"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/warehouse/money"
)

// Pages of lists in the API.
const (
	defaultLimit = 50
	maxLimit     = 1000
)

// list is how the API answers many: next is the cursor of the following page,
// null on the last.
type list[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

// listOf makes a list; an empty next is the last page.
func listOf[T any](items []T, next string) list[T] {
	l := list[T]{Items: items}
	if l.Items == nil {
		l.Items = []T{}
	}
	if next != "" {
		l.Next = &next
	}
	return l
}

// limit reads ?limit=.
func limit(c *fiber.Ctx) (int, error) {
	text := c.Query("limit")
	if text == "" {
		return defaultLimit, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxLimit {
		return 0, badRequest("limit", fmt.Errorf("%q is no number from 1 to %d", text, maxLimit))
	}
	return n, nil
}

// cursorMark begins what a cursor holds, so that other text is known for none.
const cursorMark = "after "

var errCursor = errors.New("this is not one that a list gave; begin with the first page")

// cursor reads ?cursor=, which may also be called next, as the answer calls it.
func cursor(c *fiber.Ctx) string { return c.Query("cursor", c.Query("next")) }

// after is the key in the cursor of a list that is ordered by one key; without
// a cursor it is empty.
func after(c *fiber.Ctx) (string, error) {
	text := cursor(c)
	if text == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	key, ok := strings.CutPrefix(string(raw), cursorMark)
	if err != nil || !ok || key == "" {
		return "", badRequest("cursor", errCursor)
	}
	return key, nil
}

// limitAfter is limit and after: what part of a list is wanted.
func limitAfter(c *fiber.Ctx) (size int, key string, err error) {
	if size, err = limit(c); err != nil {
		return 0, "", err
	}
	key, err = after(c)
	return size, key, err
}

func cursorOf(key string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(cursorMark + key))
}

// pageOf takes the one row too many that tells whether a page follows.
func pageOf[T any](rows []T, limit int, key func(T) string) ([]T, string) {
	if len(rows) <= limit {
		return rows, ""
	}
	return rows[:limit], cursorOf(key(rows[limit-1]))
}

// amount is minor units as decimal text, null when there are none.
func amount(minor sql.Null[int64], currency string) *string {
	if !minor.Valid {
		return nil
	}
	text := money.Format(minor.V, currency)
	return &text
}

// day is a calendar day as text, null when there is none.
func day(t sql.Null[time.Time]) *string {
	if !t.Valid || t.V.IsZero() {
		return nil
	}
	text := t.V.Format(time.DateOnly)
	return &text
}

// strictJSON reads one JSON value into dst and refuses unknown fields and
// anything after it.
func strictJSON(body []byte, dst any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(dst); err != nil {
		return fmt.Errorf("not the JSON that is expected: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	return nil
}
