package ui

import (
	"slices"
	"strings"
)

// Words is a sentence whose numbers may be links to their rows: what page
// titles, section findings and notices are made of.
type Words []Word

// Word is a stretch of a sentence; with an Href it is a dotted-underlined link.
type Word struct {
	Text   string
	Href   string
	Strong bool // weight 600, for notes
	Accent bool // in the accent: you or the forecast
}

// Say makes Words of plain text.
func Say(text string) Words { return Words{{Text: text}} }

// And appends plain text.
func (w Words) And(text string) Words { return append(slices.Clip(w), Word{Text: text}) }

// Link appends a number (or a few words) that opens its rows.
func (w Words) Link(text, href string) Words {
	return append(slices.Clip(w), Word{Text: text, Href: href})
}

// Bold appends text at weight 600.
func (w Words) Bold(text string) Words {
	return append(slices.Clip(w), Word{Text: text, Strong: true})
}

// Mine appends text in the accent: the reader's own figure or the forecast.
func (w Words) Mine(text string) Words {
	return append(slices.Clip(w), Word{Text: text, Accent: true})
}

// String is the sentence without its links, for the document's title and for
// text alternatives.
func (w Words) String() string {
	var b strings.Builder
	for _, word := range w {
		b.WriteString(word.Text)
	}
	return b.String()
}
