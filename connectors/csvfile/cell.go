package csvfile

import (
	"errors"
	"fmt"
	"hash/maphash"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"credence/warehouse"
	"credence/warehouse/money"
)

// written is how the values of one column are written in one file.
type written struct {
	format *dateFormat // configured; nil: as ISO 8601 or as recognised
	order  order       // of dates with numbers; 0: not recognised
	mark   mark        // decimal; 0: a point, and nothing else was seen
	fixed  bool        // mark or format is configured: nothing is recognised
}

// cells turns texts into the values of canonical columns. It belongs to one
// goroutine: it remembers what it has read, because columns repeat themselves.
type cells struct {
	loc       *time.Location
	currency  string // of amounts without one
	seed      maphash.Seed
	exponents map[string]int
	doubt     bool // a value was seen that only a survey of the whole file can read
	sure      bool // the survey is done
}

func newCells(loc *time.Location, currency string, seed maphash.Seed) *cells {
	if loc == nil {
		loc = time.UTC
	}
	return &cells{loc: loc, currency: currency, seed: seed, exponents: map[string]int{}}
}

// memory keeps the values of recent texts of one column, so that a repeated text
// is neither read nor allocated again. It gives up on a column that does not
// repeat itself.
type memory struct {
	slots       []slot
	asked, held int
	off         bool
}

type slot struct {
	text  string
	value any
}

const memorySlots = 512

func (m *memory) slot(seed maphash.Seed, text string) *slot {
	if m.off {
		return nil
	}
	if m.slots == nil {
		m.slots = make([]slot, memorySlots)
	}
	if m.asked++; m.asked == 4096 {
		if m.off = m.held < m.asked/4; m.off {
			m.slots = nil
			return nil
		}
		m.asked, m.held = 0, 0
	}
	s := &m.slots[maphash.String(seed, text)%memorySlots]
	if s.text == text && s.value != nil {
		m.held++
	}
	return s
}

// value reads text into a value of column c, or says in one sentence why it
// cannot. code is the currency of the row's amounts.
func (k *cells) value(c *warehouse.Column, w *written, mem *memory, text, code string) (value any, reason string) {
	if text == "" {
		return nil, ""
	}
	if c.Kind == warehouse.Money {
		return k.amount(c, w, text, code)
	}
	s := mem.slot(k.seed, text)
	if s != nil && s.text == text && s.value != nil {
		return s.value, ""
	}
	value, reason = k.read(c, w, text)
	if s != nil && value != nil && len(text) <= 128 {
		// The text is part of a block that must not live as long as the memory.
		s.text = strings.Clone(text)
		if str, isText := value.(string); isText {
			value = strings.Clone(str)
		}
		s.value = value
	}
	return value, reason
}

func (k *cells) read(c *warehouse.Column, w *written, text string) (any, string) {
	if c.Kind == warehouse.Text {
		return k.text(c, text)
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, ""
	}
	switch c.Kind {
	case warehouse.Time, warehouse.Day:
		m, reason := k.moment(c, w, text)
		if reason != "" {
			return nil, reason
		}
		if c.Kind == warehouse.Day {
			return m.date(k.loc), ""
		}
		return m.instant(k.loc, c.LastOf), ""
	case warehouse.Int:
		return k.number(c, w, text, 0)
	case warehouse.Micro:
		return k.number(c, w, text, 6)
	case warehouse.Rate:
		return k.number(c, w, text, money.RateDigits)
	case warehouse.Float:
		return k.float(c, w, text)
	case warehouse.Bool:
		return yesNo(c, text)
	case warehouse.Money, warehouse.Text:
	}
	return nil, fmt.Sprintf("%s has a kind that files cannot hold", c.Name)
}

var period = regexp.MustCompile(`^\d{4}(Q[1-4]|-(0[1-9]|1[0-2]))?$`)

func (k *cells) text(c *warehouse.Column, text string) (any, string) {
	switch {
	case len(c.Values) > 0:
		text = strings.TrimSpace(text)
		for _, v := range c.Values {
			if strings.EqualFold(v, text) {
				return v, ""
			}
		}
		if text != "" {
			return nil, fmt.Sprintf("%s is %q; write one of %s", c.Name, shorten(text), strings.Join(c.Values, ", "))
		}
	case c.Name == "currency":
		text = strings.ToUpper(strings.TrimSpace(text))
		if _, reason := k.exponent(text); reason != "" {
			return nil, reason
		}
	case c.Name == "uid" && strings.Contains(text, "@"):
		text = warehouse.HashUID(text)
	case c.Name == "period" && c.Key:
		text = strings.ToUpper(strings.TrimSpace(text))
		if !period.MatchString(text) {
			return nil, fmt.Sprintf("period is %q; write a year, quarter or month: 2026, 2026Q3 or 2026-07", shorten(text))
		}
	}
	if strings.TrimSpace(text) == "" {
		return nil, ""
	}
	return text, ""
}

func (k *cells) exponent(code string) (int, string) {
	if n, ok := k.exponents[code]; ok {
		return n, ""
	}
	n, err := money.Exponent(code)
	if err != nil {
		return 0, fmt.Sprintf("currency %q is no ISO 4217 code; write one such as EUR, USD or JPY", shorten(code))
	}
	k.exponents[strings.Clone(code)] = n
	return n, ""
}

func (k *cells) moment(c *warehouse.Column, w *written, text string) (moment, string) {
	if w.format != nil {
		m, ok := w.format.parse(text)
		if !ok || !m.valid() {
			return m, fmt.Sprintf("%s %q is no date in the form %s; correct it, or set date_format", c.Name, shorten(text), w.format.text)
		}
		return m, ""
	}
	if m, ok := isISO(text); ok {
		if !m.valid() {
			return m, fmt.Sprintf("%s %q is not in the calendar; write a date that exists, such as 2026-01-31", c.Name, shorten(text))
		}
		return m, ""
	}
	m, numeric, a, b, ok := guess(text, w.order)
	if !ok || numeric && w.order == 0 && a != b && neither(m) {
		return m, fmt.Sprintf("%s %q is no date; write it as 2026-01-31 or 2026-01-31T09:30:00+01:00, or set date_format", c.Name, shorten(text))
	}
	if !k.sure {
		k.doubt = true
	}
	if numeric && w.order == 0 && a != b {
		return m, fmt.Sprintf("%s %q can be read with the day or the month first; write it as 2026-01-31, or set date_format to D/M/YYYY or M/D/YYYY", c.Name, shorten(text))
	}
	if !m.valid() {
		return m, fmt.Sprintf("%s %q is not in the calendar; write a date that exists, such as 2026-01-31", c.Name, shorten(text))
	}
	return m, ""
}

// neither says that m exists neither with the day nor with the month first.
func neither(m moment) bool {
	swapped := m
	swapped.day, swapped.month = m.month, m.day
	return !m.valid() && !swapped.valid()
}

// plain is text as a plain decimal number.
func (k *cells) plain(c *warehouse.Column, w *written, text string) (string, string) {
	if isPlain(text) && w.mark != comma {
		return text, ""
	}
	m := w.mark
	if m == 0 {
		m = point
	}
	out, ok := unmark(text, m)
	if !k.sure && !w.fixed {
		_, other := unmark(text, comma)
		k.doubt = k.doubt || ok || other
	}
	switch {
	case ok:
		return out, ""
	case w.mark == comma:
		return "", fmt.Sprintf("%s %q is no number with a decimal comma; write it as 1234,50, or set decimal to point", c.Name, shorten(text))
	default:
		return "", fmt.Sprintf("%s %q is no number; write it as 1234.50, or set decimal to comma", c.Name, shorten(text))
	}
}

func (k *cells) number(c *warehouse.Column, w *written, text string, digits int) (any, string) {
	p, reason := k.plain(c, w, text)
	if reason != "" {
		return nil, reason
	}
	if v, ok := scaled(p, digits); ok {
		return v, ""
	}
	v, err := money.ParseScaled(p, digits)
	switch {
	case err == nil:
		return v, ""
	case digits == 0 && strings.Contains(p, "."):
		k.doubt = k.doubt || !k.sure && !w.fixed
		return nil, fmt.Sprintf("%s %q is no whole number; write it without decimals", c.Name, shorten(text))
	case tooLong(err):
		return nil, fmt.Sprintf("%s %q has more than %d decimals; round it in the source", c.Name, shorten(text), digits)
	default:
		return nil, fmt.Sprintf("%s %q is too large to store; correct it in the source", c.Name, shorten(text))
	}
}

// tooLong says whether money refused a number for its decimals: it knows only
// that and numbers beyond 64 bits, once the text is a plain number.
func tooLong(err error) bool { return strings.Contains(err.Error(), "after the point") }

func (k *cells) amount(c *warehouse.Column, w *written, text, code string) (any, string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, ""
	}
	if code == "" {
		if code = k.currency; code == "" {
			return nil, fmt.Sprintf("%s has no currency; fill the currency column, or set currency of the company", c.Name)
		}
	}
	exp, reason := k.exponent(code)
	if reason != "" {
		return nil, reason
	}
	p, reason := k.plain(c, w, text)
	if reason != "" {
		return nil, reason
	}
	if v, ok := scaled(p, exp); ok {
		return v, ""
	}
	v, err := money.ParseScaled(p, exp)
	switch {
	case err == nil:
		return v, ""
	case tooLong(err):
		return nil, fmt.Sprintf("%s %q has more decimals than %s has, which is %d; round it in the source", c.Name, shorten(text), code, exp)
	default:
		return nil, fmt.Sprintf("%s %q is too large to store; correct it in the source", c.Name, shorten(text))
	}
}

var errNotFinite = errors.New("not a finite number")

// float reads a number that is no money. A percent sign divides by a hundred,
// except in a column of percentages.
func (k *cells) float(c *warehouse.Column, w *written, text string) (any, string) {
	bare, percent := strings.CutSuffix(text, "%")
	p, reason := k.plain(c, w, strings.TrimSpace(bare))
	v, err := strconv.ParseFloat(p, 64)
	if reason != "" { // 1e-05 is a number too
		if v, err = strconv.ParseFloat(bare, 64); err != nil || strings.ContainsAny(bare, "xX_nN") {
			return nil, reason
		}
	}
	if err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
		err = errNotFinite
	}
	if err != nil {
		return nil, fmt.Sprintf("%s %q is too large to store; correct it in the source", c.Name, shorten(text))
	}
	if percent && !strings.HasSuffix(c.Name, "_percent") {
		v /= 100
	}
	return v, ""
}

func yesNo(c *warehouse.Column, text string) (any, string) {
	switch strings.ToLower(text) {
	case "true", "t", "yes", "y", "1":
		return true, ""
	case "false", "f", "no", "n", "0":
		return false, ""
	}
	return nil, fmt.Sprintf("%s is %q; write true or false", c.Name, shorten(text))
}

// shorten keeps a quoted value from filling the sentence it stands in.
func shorten(s string) string {
	const most = 60
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}
