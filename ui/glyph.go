package ui

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Range is the dot-and-range glyph: a dot for the chosen model, a band over all
// models, a thin tick for each. Without a channel it is an interval in ink.
type Range struct {
	Axis      Axis
	Low, High float64
	Value     float64
	Ticks     []float64
	Channel   string // "" draws in ink
	Label     string // what a screen reader says
}

// Class is the colour class of the glyph.
func (r Range) Class() string {
	if r.Channel == "" {
		return "ink"
	}
	return ChannelClass(r.Channel)
}

// Bullet is won against quota: ink bar on a soft track to quota, tick at quota,
// pace dashed, landing as ring and line in the accent. All bullets of a table
// share one axis.
type Bullet struct {
	Axis      Axis
	Value     float64
	Quota     float64 // 0: none, no track and no tick
	Pace      float64 // 0: not drawn
	Landing   float64 // 0: not drawn
	Low, High float64 // the landing's interval; equal: no line
	Label     string
}

// Standing is the glyph of one behaviour: you, the team's median and the middle
// half of winners with their median.
type Standing struct {
	Axis           Axis
	You            float64
	Team           float64
	Low, Mid, High float64
	HasTeam        bool
	HasWinners     bool
	Label          string
}

// Delta is a bar from one value to another, for what changed: parts in the
// accent, losses in bad, sums in ink, compared values grey.
type Delta struct {
	Axis     Axis
	From, To float64
	Kind     string // "part", "loss", "sum", "mid", "soft" or a channel's name
	Text     string // inside the bar when it fits, else beside it
	Label    string
}

// Class is the colour class of the bar.
func (d Delta) Class() string {
	switch d.Kind {
	case "part", "loss", "sum", "mid", "soft":
		return "bar-" + d.Kind
	}
	return ChannelClass(d.Kind) + " bar-channel"
}

// Start is the left end of the bar.
func (d Delta) Start() float64 { return min(d.From, d.To) }

// Inside reports whether the text fits into the bar, at about 1 % a letter.
func (d Delta) Inside() bool {
	return d.Text != "" && math.Abs(d.Axis.At(d.To)-d.Axis.At(d.From)) > float64(len([]rune(d.Text)))*2.4
}

// Spark is a sparkline with its end dot and an optional dotted target.
type Spark struct {
	Values []float64
	Target float64
	Dotted bool // draw the target
	Label  string
}

// span of the values and the target, never empty.
func (s Spark) span() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range s.Values {
		if !math.IsNaN(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	if s.Dotted {
		low, high = min(low, s.Target), max(high, s.Target)
	}
	if math.IsInf(low, 0) {
		return 0, 1
	}
	if low == high {
		return low - 1, high + 1
	}
	return low, high
}

func (s Spark) y(v float64) float64 {
	low, high := s.span()
	return 20 - (v-low)/(high-low)*16
}

// Path is the line in a box 100 wide and 24 high.
func (s Spark) Path() string {
	var b strings.Builder
	pen := "M"
	for i, v := range s.Values {
		if math.IsNaN(v) {
			pen = "M"
			continue
		}
		x := 100.0
		if len(s.Values) > 1 {
			x = 96 * float64(i) / float64(len(s.Values)-1)
		}
		fmt.Fprintf(&b, "%s%.2f %.2f", pen, x, s.y(v))
		pen = "L"
	}
	return b.String()
}

// EndY is the height of the end dot.
func (s Spark) EndY() string { return fixed(s.y(s.Values[len(s.Values)-1])) }

// TargetY is the height of the target line.
func (s Spark) TargetY() string { return fixed(s.y(s.Target)) }

// Drawn reports whether there is a line to draw.
func (s Spark) Drawn() bool { return len(s.Values) > 1 && !math.IsNaN(s.Values[len(s.Values)-1]) }

// Part is one piece of a whole: a channel of the coverage bar, a bucket.
type Part struct {
	Name  string
	Kind  string // a channel's name, "ink", "mid", "soft" or "accent"; Unattributed is hatched
	Value float64
	Text  string // the value in words
	Href  string
}

// Class is the colour class of the part.
func (p Part) Class() string {
	switch p.Kind {
	case "ink", "mid", "soft", "accent":
		return "fill-" + p.Kind
	}
	return ChannelClass(p.Kind)
}

// Hatched reports whether the part is drawn with the hatch.
func (p Part) Hatched() bool { return IsHatched(p.Kind) }

// Whole is a bar of parts over its full width.
type Whole struct {
	Label string
	Names bool // names stand under the parts that have room
	Parts []Part
}

// Placed is a part with its place in per cent.
type Placed struct {
	Part
	X, W  string
	Share float64
	Named bool
}

// Placed lays the parts out; a part with less room than its name has no label.
func (w Whole) Placed() []Placed {
	sum := 0.0
	for _, p := range w.Parts {
		sum += max(0, p.Value)
	}
	var out []Placed
	at := 0.0
	for _, p := range w.Parts {
		if sum == 0 || p.Value <= 0 {
			continue
		}
		share := p.Value / sum
		out = append(out, Placed{
			Part: p, X: percentLength(at * 100), W: percentLength(share * 100), Share: share,
			Named: share*185 > float64(len([]rune(p.Name))) && !p.Hatched(),
		})
		at += share
	}
	return out
}

// Heat is one cell of a heat table: its value printed, its ground shaded by the
// distance from the named reference.
type Heat struct {
	Text     string
	Strength float64 // −1 weakest to 1 strongest; 0 is the reference
	Moved    bool    // moved more than chance: outlined
	Chosen   bool    // in the chosen column
	Selected bool
	Quiet    bool // in ink 3: zero, unattributed
	Href     string
	Title    string
}

// heatSteps is how many shades a direction has.
const heatSteps = 12

// Class is the shade of the cell.
func (h Heat) Class() string {
	s := max(-1, min(1, h.Strength))
	step := int(math.Round(math.Abs(s) * heatSteps))
	switch {
	case math.IsNaN(s) || step == 0:
		return ""
	case s > 0:
		return "hs" + strconv.Itoa(step)
	default:
		return "hw" + strconv.Itoa(step)
	}
}

func fixed(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }
