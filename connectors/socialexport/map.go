package socialexport

import (
	"database/sql"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"credence/connectors"
	"credence/connectors/localfile"
	"credence/warehouse"
)

// titleLength is how many characters of a post's text are kept as its title.
const titleLength = 140

// mapper turns the rows of one download into posts and snapshots.
type mapper struct {
	settings settings
	layout   layout
	dates    localfile.Dates
	decimal  string
	taken    time.Time // day of the counts, zero when nobody said it
	now      time.Time
	seen     map[string]int // rows without an id: content → times seen
}

// rounded is an id that a spreadsheet turned into a number with exponent.
var rounded = regexp.MustCompile(`^\d([.,]\d+)?[eE]\+?\d+$`)

// row stores one row or rejects it.
func (m *mapper) row(r localfile.Row, out connectors.Sink) error {
	out.Read(1)
	cell := func(field string) string { text, _ := r.Cell(m.layout.at, field); return text }
	reject := func(field, reason string) error {
		return out.Reject(connectors.Rejection{Line: r.Line, Field: field, Reason: reason, Row: excerpt(r, m.layout)})
	}

	// Which post, by whom.
	p := warehouse.Post{
		PostID: cell("id"), Network: m.layout.network, URL: link(cell("url")), Kind: strings.ToLower(cell("kind")),
		Title: title(cell("text")), Author: first(cell("author"), m.settings.Author, handle(cell("url"))),
		AuthorRepID: first(cell("author_rep_id"), m.settings.AuthorRepID), CampaignID: first(cell("campaign"), m.settings.CampaignID),
	}
	if p.PostID == "" {
		p.PostID = p.URL
	}
	_, id := m.layout.at["id"]
	_, address := m.layout.at["url"]
	switch {
	case rounded.MatchString(p.PostID):
		return reject("id", fmt.Sprintf("%.40q was rounded by a spreadsheet program: download the file again and do not save it there", p.PostID))
	case p.PostID == "" && (id || address):
		return reject("id", "is missing: a row without a post is not kept; correct or remove it")
	case p.PostID == "":
		// The n-th of equal rows, so that the order of rows does not matter.
		text := r.Text()
		m.seen[text]++
		p.PostID = localfile.Mark(fmt.Appendf(nil, "%s#%d", text, m.seen[text]))
	}

	// When.
	day := m.taken
	if m.layout.dated() {
		at, _, err := m.dates.Parse(cell("published"))
		if err != nil {
			return reject("published", err.Error()+"; correct or remove the row")
		}
		if at.After(m.now.Add(24 * time.Hour)) {
			return reject("published", fmt.Sprintf("%.40q lies after this run: correct or remove the row", cell("published")))
		}
		p.PublishedAt = at
		if published, err := m.dates.Day(cell("published")); err == nil && day.Before(published) {
			day = published // the file says no later day
		}
	}

	// How many.
	metric := warehouse.PostMetric{PostID: p.PostID, Day: day}
	into := map[string]*sql.Null[int64]{
		"impressions": &metric.Impressions, "reactions": &metric.Reactions, "comments": &metric.Comments,
		"shares": &metric.Shares, "clicks": &metric.Clicks,
	}
	counted := false
	for _, field := range counts {
		text, ok := r.Cell(m.layout.at, field)
		if !ok {
			continue
		}
		n, err := localfile.Count(text, m.decimal)
		if err != nil {
			return reject(field, err.Error()+"; correct or remove the row")
		}
		*into[field] = warehouse.Known(n)
		counted = true
	}
	if err := out.Put(p); err != nil {
		return err
	}
	if !counted {
		return nil
	}
	return out.Put(metric)
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// title is the beginning of a text in one line.
func title(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= titleLength {
		return text
	}
	runes := []rune(text)[:titleLength-1]
	return strings.TrimSpace(string(runes)) + "…"
}

// link is the address of a post; Facebook writes ":0" behind it.
func link(address string) string {
	address = strings.TrimSuffix(address, ":0")
	if u, err := url.Parse(address); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return address
}

// handle is the profile that a post's address begins with:
// https://twitter.com/halden/status/1 is by halden.
func handle(address string) string {
	u, err := url.Parse(link(address))
	if err != nil {
		return ""
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) < 3 || parts[1] != "status" && parts[1] != "posts" && parts[1] != "videos" && parts[1] != "photos" {
		return ""
	}
	return parts[0]
}

// excerpt is a rejected row for the user's eyes, its text cut as in a title.
func excerpt(r localfile.Row, l layout) string {
	i, ok := l.at["text"]
	if ok && i < len(r.Cells) {
		cells := append([]string{}, r.Cells...)
		cells[i] = title(cells[i])
		r.Cells = cells
	}
	return r.Text()
}
