package outgoing

import (
	"errors"
	"net/url"
	"strings"
)

// maxTold is how much of an error is told: some hold the other side's answer.
const maxTold = 300

// told is an error with a text that may be logged.
type told struct {
	error
	text string
}

// Error implements error.
func (t told) Error() string { return t.text }

// Unwrap implements errors.Unwrap.
func (t told) Unwrap() error { return t.error }

// Told is err with a text fit for a log: addresses without user, query and
// fragment, which may hold secrets, and no more than a few lines of what the
// other side said.
func Told(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	if asked, ok := errors.AsType[*url.Error](err); ok {
		text = strings.ReplaceAll(text, asked.URL, plainAddress(asked.URL))
	}
	text = strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if cut := []rune(text); len(cut) > maxTold {
		text = string(cut[:maxTold]) + "…"
	}
	return told{err, text}
}

func plainAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an address"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}
