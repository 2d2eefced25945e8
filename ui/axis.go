package ui

import (
	"math"
	"strconv"
)

// Axis maps values to per cent of a glyph's width, so that server-rendered SVG
// fits any column. All rows of a table share one axis; its labels stand in the
// column's head.
type Axis struct {
	Min, Max float64
	Log      bool // both ends must be positive; only for dots, never for bars
	Ticks    []Tick
}

// Tick is a grid line with its label; Strong marks the reference: break-even,
// no difference.
type Tick struct {
	At     float64
	Text   string
	Strong bool
}

// NewAxis is an axis from zero (or below, when a value is) to a round number at
// or above the largest value, with at most five labelled grid lines.
func NewAxis(values []float64, label func(float64) string) Axis {
	low, high := 0.0, 0.0
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			low, high = min(low, v), max(high, v)
		}
	}
	if high == low {
		high = low + 1
	}
	step := roundStep((high - low) / 4)
	a := Axis{Min: math.Floor(low/step) * step, Max: max(high, low+step)}
	for i := 0; ; i++ {
		at := a.Min + float64(i)*step
		if at > high*1.0001 && i > 0 {
			break
		}
		a.Ticks = append(a.Ticks, Tick{At: at, Text: label(at)})
	}
	a.Max = high + (high-low)*0.02
	return a
}

// Thin keeps at most so many evenly spaced ticks, for a narrow column.
func (a Axis) Thin(most int) Axis {
	every := (len(a.Ticks) + most - 1) / max(1, most)
	var ticks []Tick
	for i := 0; i < len(a.Ticks); i += max(1, every) {
		ticks = append(ticks, a.Ticks[i])
	}
	a.Ticks = ticks
	return a
}

// lowestLog is where a log axis around 1 begins at the latest: what lies below
// is drawn at its edge.
const lowestLog = 0.2

// NewLogAxis is a logarithmic axis over positive values with 1, the break-even,
// marked; its grid lines are powers of two.
func NewLogAxis(values []float64, label func(float64) string) Axis {
	low, high := 0.7, 3.0
	for _, v := range values {
		if v > 0 && !math.IsInf(v, 0) {
			low, high = min(low, v), max(high, v)
		}
	}
	a := Axis{Min: max(low/1.15, lowestLog), Max: high * 1.15, Log: true, Ticks: []Tick{{At: 1, Text: label(1), Strong: true}}}
	step := 2.0
	for math.Log(a.Max)/math.Log(step) > 4 {
		step *= 2
	}
	for at := step; at < a.Max; at *= step {
		if at > 1.5 && a.At(at)-a.At(1) > 14 {
			a.Ticks = append(a.Ticks, Tick{At: at, Text: label(at)})
		}
	}
	if a.Min < .5 && a.At(1)-a.At(.5) > 14 {
		a.Ticks = append(a.Ticks, Tick{At: .5, Text: label(.5)})
	}
	return a
}

// roundStep is the next 1, 2, 2.5 or 5 times a power of ten.
func roundStep(rough float64) float64 {
	if rough <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, m := range []float64{1, 2, 2.5, 5} {
		if rough <= m*power*1.0001 {
			return m * power
		}
	}
	return 10 * power
}

// At is the place of a value in per cent, kept within the axis.
func (a Axis) At(v float64) float64 {
	low, high := a.Min, a.Max
	if a.Log {
		if v <= 0 || low <= 0 {
			return 0
		}
		v, low, high = math.Log(v), math.Log(low), math.Log(high)
	}
	if high <= low || math.IsNaN(v) {
		return 0
	}
	return max(0, min(100, (v-low)/(high-low)*100))
}

// X is the place of a value as an SVG length: "37.5%".
func (a Axis) X(v float64) string { return percentLength(a.At(v)) }

// W is the width between two values as an SVG length.
func (a Axis) W(from, to float64) string { return percentLength(math.Abs(a.At(to) - a.At(from))) }

func percentLength(p float64) string {
	return strconv.FormatFloat(math.Round(p*100)/100, 'f', -1, 64) + "%"
}

// Anchor is where a tick's label hangs: labels at the ends stay inside.
func (a Axis) Anchor(t Tick) string {
	switch at := a.At(t.At); {
	case at < 4:
		return "start"
	case at > 94:
		return "end"
	default:
		return "middle"
	}
}
