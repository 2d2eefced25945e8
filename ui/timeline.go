package ui

import (
	"math"
	"slices"
	"sort"
	"time"
)

// Timeline is the journey of a deal as server-rendered SVG: a lane for each
// person, numbered dots for touches that earn, small crossed rings for those
// that do not, anchors as verticals, the look-back window as ground, stages and
// one time axis below.
type Timeline struct {
	Label      string
	From, To   time.Time // what the axis spans
	WindowFrom time.Time // the look-back ground
	WindowTo   time.Time
	WindowText string
	Lanes      []Lane
	Anchors    []Anchor
	Stages     []StageSpan
	Zone       *time.Location
}

// Lane is one person's line.
type Lane struct {
	Name    string
	Role    string
	Unknown bool // dashed, last
	Marks   []Mark
}

// Mark is one touch on a lane.
type Mark struct {
	At       time.Time
	Number   int    // position of an eligible touch; 0 is one that earns nothing
	Channel  string // colour of an eligible touch
	Grade    string
	Title    string // Post click
	Under    string // channel, or why it earns nothing
	Href     string // opens why this amount
	Selected bool
	Describe string // all of it, for the tooltip and the screen reader
}

// Anchor is a labelled vertical.
type Anchor struct {
	Code string // FT LC OC CW
	Text string
	At   time.Time
	End  bool // the close: solid
}

// StageSpan is a stretch in one stage.
type StageSpan struct {
	Name     string
	From, To time.Time
	Note     string // 16 d, median 21
}

// nominal is the width in px that labels are laid out for; a narrower screen
// scrolls.
const (
	nominal    = 960.0
	laneHeight = 62  // at least; a lane with many touches of one time is higher
	laneFoot   = 16  // below the lanes, for the window's name
	letter     = 5.9 // average width of a letter at 11 px
)

func (t Timeline) at(when time.Time) float64 {
	span := t.To.Sub(t.From).Seconds()
	if span <= 0 {
		return 0
	}
	return max(0, min(1, when.Sub(t.From).Seconds()/span))
}

// X is the place of a time as an SVG length.
func (t Timeline) X(when time.Time) string { return percentLength(t.at(when) * 100) }

// WindowX and WindowW place the look-back ground.
func (t Timeline) WindowX() string { return t.X(t.WindowFrom) }

// WindowW is the ground's width.
func (t Timeline) WindowW() string {
	return percentLength((t.at(t.WindowTo) - t.at(t.WindowFrom)) * 100)
}

// LanesHeight is the height of all lanes.
func (t Timeline) LanesHeight() int {
	placed := t.Placed()
	if len(placed) == 0 {
		return laneFoot
	}
	last := placed[len(placed)-1]
	return last.Y + last.Half + laneFoot
}

// PlacedLane is a lane with its marks laid out.
type PlacedLane struct {
	Lane
	Y     int // of its line, from the top of the lanes
	Half  int // half its height
	Marks []PlacedMark
}

// PlacedMark is a mark with its place and the place of its label, if there is room.
type PlacedMark struct {
	Mark
	X      string
	DY     int // shift off the line where marks would cover each other
	Label  bool
	LX, LY float64 // label's place from the mark, px
	Anchor string
	Lines  bool // two lines; a mark that earns nothing has one
}

type box struct{ x0, x1, y0, y1 float64 }

func (b box) hits(o box) bool { return b.x0 < o.x1 && o.x0 < b.x1 && b.y0 < o.y1 && o.y0 < b.y1 }

// Placed lays out every lane: dots first, so that no label covers one, then
// labels where there is room, paid touches before the others.
func (t Timeline) Placed() []PlacedLane {
	var out []PlacedLane
	y := 0
	for _, lane := range t.Lanes {
		p := t.place(lane)
		p.Y = y + p.Half
		y += 2 * p.Half
		out = append(out, p)
	}
	return out
}

func (t Timeline) place(lane Lane) PlacedLane {
	marks := append([]Mark(nil), lane.Marks...)
	sort.SliceStable(marks, func(a, b int) bool {
		if (marks[a].Number > 0) != (marks[b].Number > 0) {
			return marks[a].Number > 0
		}
		return marks[a].At.Before(marks[b].At)
	})
	p := PlacedLane{Lane: lane, Half: laneHeight / 2}
	var taken []box
	for _, m := range marks {
		x, r := t.at(m.At)*nominal, 9.5
		tries := []float64{0, -19, 19, -38, 38, -57, 57, -76, 76}
		if m.Number == 0 {
			r, tries = 5, []float64{0, -11, 11, -20, 20}
		}
		best, least := 0.0, math.Inf(1)
		for _, dy := range tries {
			if over := covered(box{x - r, x + r, dy - r, dy + r}, taken); over < least {
				best, least = dy, over
			}
		}
		if m.Number == 0 && least > 40 {
			continue // the list of touches that earn nothing has it
		}
		taken = append(taken, box{x - r, x + r, best - r, best + r})
		p.Half = max(p.Half, int(math.Abs(best)+r+2))
		p.Marks = append(p.Marks, PlacedMark{Mark: m, X: t.X(m.At), DY: int(best)})
	}
	for _, a := range t.Anchors { // a label crosses no vertical
		x := t.at(a.At) * nominal
		taken = append(taken, box{x - 1, x + 1, -10 * laneHeight, 10 * laneHeight})
	}
	for i := range p.Marks {
		t.label(&p.Marks[i], float64(p.Half), &taken)
	}
	return p
}

// covered is how much of b lies over what is placed already.
func covered(b box, taken []box) float64 {
	sum := 0.0
	for _, o := range taken {
		if b.hits(o) {
			sum += (min(b.x1, o.x1) - max(b.x0, o.x0)) * (min(b.y1, o.y1) - max(b.y0, o.y0))
		}
	}
	return sum
}

// label tries right, left, above and below the mark.
func (t Timeline) label(m *PlacedMark, half float64, taken *[]box) {
	x, dy := t.at(m.At)*nominal, float64(m.DY)
	first := m.Title
	if m.Grade != "" {
		first += " " + m.Grade
	}
	w := float64(max(len([]rune(first)), len([]rune(m.Under)))) * letter
	gap, h := 14.0, 26.0
	m.Lines = true
	if m.Number == 0 {
		w, gap, h, m.Lines = float64(len([]rune(m.Under)))*letter, 9, 13, false
	}
	tries := []struct {
		b      box
		lx, ly float64
		anchor string
	}{
		{box{x + gap - 3, x + gap + w, dy - h/2, dy + h/2}, gap, -h/2 + 10, "start"},
		{box{x - gap - w, x - gap + 3, dy - h/2, dy + h/2}, -gap, -h/2 + 10, "end"},
		{box{x - w/2, x + w/2, dy + gap - 3, dy + gap - 3 + h}, 0, gap + 8, "middle"},
		{box{x - w/2, x + w/2, dy - gap - h + 3, dy - gap + 3}, 0, -gap - h + 13, "middle"},
	}
	if m.Number == 0 { // below first: the line stays free for the paid ones
		tries[0], tries[2] = tries[2], tries[0]
	}
	for _, try := range tries {
		if try.b.x0 < -8 || try.b.x1 > nominal+8 || try.b.y0 < -half-1 || try.b.y1 > half+1 || hitsAny(try.b, *taken) {
			continue
		}
		*taken = append(*taken, try.b)
		m.Label, m.LX, m.LY, m.Anchor = true, try.lx, try.ly, try.anchor
		return
	}
}

func hitsAny(b box, taken []box) bool { return slices.ContainsFunc(taken, b.hits) }

// PlacedAnchor is a vertical with its label; anchors at one place share a label.
type PlacedAnchor struct {
	Anchor
	X      string
	Labels []Anchor
	Hang   string // text-anchor
	Hidden bool   // its label is part of a neighbour's
	Row    int    // labels too near to the one before stand a row lower
}

// PlacedAnchors lays out the verticals from left to right.
func (t Timeline) PlacedAnchors() []PlacedAnchor {
	anchors := append([]Anchor(nil), t.Anchors...)
	sort.SliceStable(anchors, func(a, b int) bool { return anchors[a].At.Before(anchors[b].At) })
	var out []PlacedAnchor
	ends := [2]float64{math.Inf(-1), math.Inf(-1)} // of the last label in each row
	for _, a := range anchors {
		x := t.at(a.At) * nominal
		if n := len(out); n > 0 && math.Abs(t.at(out[n-1].At)*nominal-x) < 4 {
			out[n-1].Labels = append(out[n-1].Labels, a)
			out[n-1].End = out[n-1].End || a.End
			continue
		}
		out = append(out, PlacedAnchor{Anchor: a, X: t.X(a.At), Labels: []Anchor{a}})
	}
	for i := range out {
		p := &out[i]
		w := 0.0
		for _, l := range p.Labels {
			w += float64(len(l.Code)+len(l.Text)+2) * 6.2
		}
		x := t.at(p.At) * nominal
		p.Hang = "middle"
		left := x - w/2
		switch {
		case x+w/2 > nominal:
			p.Hang, left = "end", x-w
		case x-w/2 < 0:
			p.Hang, left = "start", x
		}
		if left < ends[0]+6 {
			p.Row = 1
		}
		ends[p.Row] = left + w
	}
	return out
}

// AnchorRows is how many rows of anchor labels there are.
func (t Timeline) AnchorRows() int {
	for _, a := range t.PlacedAnchors() {
		if a.Row > 0 {
			return 2
		}
	}
	return 1
}

// Top is the height of the anchor labels above the lanes.
func (t Timeline) Top() int { return 8 + 16*t.AnchorRows() }

// PlacedStage is a stage with its place and what of its words has room.
type PlacedStage struct {
	StageSpan
	X, W        string
	Shade       int // 1 to 5, deeper with each stage
	Named, Told bool
}

// PlacedStages lays out the stage bar.
func (t Timeline) PlacedStages() []PlacedStage {
	var out []PlacedStage
	for i, s := range t.Stages {
		width := (t.at(s.To) - t.at(s.From)) * nominal
		out = append(out, PlacedStage{
			StageSpan: s, X: t.X(s.From), W: percentLength((t.at(s.To) - t.at(s.From)) * 100),
			Shade: min(5, 1+i*5/max(1, len(t.Stages))),
			Named: width > float64(len([]rune(s.Name)))*6.6+10, Told: width > float64(len([]rune(s.Note)))*letter+2,
		})
	}
	return out
}

// AxisTick is a day of the time axis.
type AxisTick struct{ X, Text, Anchor string }

// AxisTicks are at most nine days: half months, months, quarters or years.
func (t Timeline) AxisTicks() []AxisTick {
	zone := t.Zone
	if zone == nil {
		zone = time.UTC
	}
	from, to := t.From.In(zone), t.To.In(zone)
	days := to.Sub(from).Hours() / 24
	months, half := 1, days < 120
	for _, m := range []int{1, 2, 3, 6, 12, 24, 60} {
		months = m
		if days/30.4/float64(m) <= 8 {
			break
		}
	}
	layout := "2 Jan"
	if days > 330 {
		layout = "Jan 2006"
	}
	var out []AxisTick
	put := func(at time.Time) {
		if x := t.at(at); at.After(from) && at.Before(to) && x > .01 && x < .99 {
			out = append(out, AxisTick{t.X(at), at.Format(layout), "middle"})
		}
	}
	start := time.Date(from.Year(), 1, 1, 0, 0, 0, 0, zone)
	for at := start; at.Before(to) && len(out) < 40; at = at.AddDate(0, months, 0) {
		put(at)
		if half {
			put(at.AddDate(0, 0, 14))
		}
	}
	return out
}

// Total is the height of the drawing: labels, lanes, stages and axis.
func (t Timeline) Total() int { return t.Top() + t.LanesHeight() + t.Below() }

// Below is the height of the stage bar and the axis.
func (t Timeline) Below() int {
	if len(t.Stages) > 0 {
		return 70
	}
	return 28
}

// StageY is the top of the stage bar.
func (t Timeline) StageY() int { return t.Top() + t.LanesHeight() + 10 }

// AxisY is the height of the axis line.
func (t Timeline) AxisY() int { return t.Total() - 20 }

// AnchorEnd is where verticals end.
func (t Timeline) AnchorEnd() int { return t.Top() + t.LanesHeight() }

// AnchorY is the height of an anchor label in a row; the first row stands
// nearest to the lanes.
func (t Timeline) AnchorY(row int) int { return t.Top() - 9 - 15*row }
