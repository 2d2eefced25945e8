package adsexport

import (
	"fmt"
	"strings"
	"time"

	"credence/connectors"
	"credence/connectors/localfile"
	"credence/warehouse/money"
)

// maxDays is the longest range a row may cover; a longer one is a wrong date.
const maxDays = 3660

// entry is a row of a download: what a campaign cost and brought over the days
// from..to, both included.
type entry struct {
	file     string
	daily    bool // the row is for one day
	id, name string
	starts   time.Time // of the campaign, zero when the file does not say
	ends     time.Time
	ongoing  bool
	from, to time.Time
	currency string
	budget   int64
	amount   int64 // minor units
	counts   [3]int64
}

// the order of entry.counts.
var countFields = [3]string{"impressions", "clicks", "leads"}

// mapper reads the rows of one download.
type mapper struct {
	file     string
	decimal  string
	at       map[string]int
	dates    localfile.Dates
	currency string
	today    time.Time
}

// complete says whether a header has what an entry needs.
func (m mapper) complete() bool {
	has := func(field string) bool { _, ok := m.at[field]; return ok }
	return (has("campaign_id") || has("campaign_name")) && has("amount") &&
		(has("day") || has("reporting_starts") && has("reporting_ends") || has("starts") && has("ends"))
}

// entry reads one row.
func (m mapper) entry(r localfile.Row) (entry, *connectors.Rejection) {
	cell := func(field string) string { text, _ := r.Cell(m.at, field); return text }
	reject := func(field, reason string) (entry, *connectors.Rejection) {
		return entry{}, &connectors.Rejection{Field: field, Reason: reason}
	}
	e := entry{file: m.file, id: cell("campaign_id"), name: cell("campaign_name"), currency: m.currency}
	if e.id == "" {
		e.id = e.name
	}
	switch {
	case e.id == "":
		return reject("campaign_name", "names no campaign: a row of totals is not counted; leave totals out of the download")
	case strings.ContainsAny(e.id, "eE") && strings.Contains(e.id, "+") && cell("campaign_id") != "":
		return reject("campaign_id", fmt.Sprintf("%.40q was rounded by a spreadsheet program: download the file again and do not save it there", e.id))
	}

	// Money and counts; a blank is zero.
	plain, err := localfile.Decimal(cell("amount"), m.decimal)
	if err == nil {
		e.amount, err = money.ParseMinor(plain, m.currency)
	}
	if err != nil {
		return reject("amount", fmt.Sprintf("%.40q is not an amount in %s: correct the row, or set \"decimal\"", cell("amount"), m.currency))
	}
	for i, field := range countFields {
		if e.counts[i], err = localfile.Count(cell(field), m.decimal); err != nil {
			return reject(field, err.Error()+"; correct the row, or set \"decimal\"")
		}
	}
	e.budget = m.budget(cell("budget"))

	// The campaign's own dates; the end may be a word such as Ongoing.
	if text := cell("starts"); text != "" {
		if e.starts, err = m.dates.Day(text); err != nil {
			return reject("starts", err.Error()+"; correct the row")
		}
	}
	if text := cell("ends"); text != "" {
		if e.ends, err = m.dates.Day(text); err != nil {
			if strings.ContainsAny(text, "0123456789") {
				return reject("ends", err.Error()+"; correct the row")
			}
			e.ends, e.ongoing = time.Time{}, true
		}
	}
	return m.days(e, cell)
}

// budget reads a campaign's budget; words such as "Using ad set budget" are none.
func (m mapper) budget(text string) int64 {
	plain, err := localfile.Decimal(text, m.decimal)
	if err != nil {
		return 0
	}
	minor, err := money.ParseMinor(plain, m.currency)
	if err != nil {
		return 0
	}
	return minor
}

// days finds the days a row is for.
func (m mapper) days(e entry, cell func(string) string) (entry, *connectors.Rejection) {
	reject := func(field, reason string) (entry, *connectors.Rejection) {
		return entry{}, &connectors.Rejection{Field: field, Reason: reason}
	}
	if text := cell("day"); text != "" {
		day, err := m.dates.Day(text)
		switch {
		case err != nil:
			return reject("day", err.Error()+"; correct the row")
		case day.After(m.today):
			return reject("day", fmt.Sprintf("%.40q lies in the future: correct the row", text))
		}
		e.daily, e.from, e.to = true, day, day
		return e, nil
	}

	// The reported range, where the file says it; else the campaign's.
	for field, into := range map[string]*time.Time{"reporting_starts": &e.from, "reporting_ends": &e.to} {
		if text := cell(field); text != "" {
			day, err := m.dates.Day(text)
			if err != nil {
				return reject(field, err.Error()+"; correct the row")
			}
			*into = day
		}
	}
	if e.from.IsZero() {
		e.from = e.starts
	}
	if e.to.IsZero() {
		e.to = e.ends
	}
	if e.to.IsZero() || e.to.After(m.today) {
		e.to = m.today
	}
	switch {
	case e.from.IsZero():
		return reject("reporting_starts", "says for no days what was spent: add Day, or Reporting starts and ends, to the download")
	case e.from.After(e.to):
		return reject("reporting_starts", fmt.Sprintf("the range from %s to %s has no day that is over: correct the row", e.from.Format(time.DateOnly), e.to.Format(time.DateOnly)))
	}

	// Clip it to the days the campaign ran; one that did not run in it at all
	// was billed there all the same.
	from, to := e.from, e.to
	if e.starts.After(from) {
		from = e.starts
	}
	if !e.ends.IsZero() && e.ends.Before(to) {
		to = e.ends
	}
	if !from.After(to) {
		e.from, e.to = from, to
	}
	if e.to.Sub(e.from) > maxDays*24*time.Hour {
		return reject("reporting_starts", fmt.Sprintf("the range from %s to %s is longer than ten years: correct the row", e.from.Format(time.DateOnly), e.to.Format(time.DateOnly)))
	}
	return e, nil
}
