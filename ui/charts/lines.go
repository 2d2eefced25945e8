package charts

import (
	"fmt"
	"math"

	echarts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Lines is a line chart over one axis of named steps, such as cumulative won
// revenue by working day.
type Lines struct {
	Label  string   // what a screen reader says
	X      []string // names of the steps
	Lines  []Line
	Unit   string // number format: "money:EUR", "percent:0", "count", "number:2"
	Today  string // step marked by a vertical line; "" draws none
	Band   *Band
	Size   string
	Labels int // room for end labels at the right, in px; 0 is 130
}

// Line is one line; NaN is a gap.
type Line struct {
	Name   string
	Values []float64
	Look   Look
	End    string // label at the line's end: its name and last value
	Colour Colour // "" is the look's own
	Lift   int    // px by which the end label stands above its line's end, where two would meet
}

// Look says what a line is.
type Look int

// The looks of a line.
const (
	This     Look = iota // ink: what the page is about
	Compared             // mid grey: the previous period
	Target               // dashed ink: quota, straight line
	Forecast             // dashed accent with a ring at its end
)

// Band is an interval around a forecast, drawn as a pale area.
type Band struct {
	Name      string
	Low, High []float64 // NaN where there is none
}

// Chart makes the option.
func (l Lines) Chart() (Chart, error) {
	for _, line := range l.Lines {
		if len(line.Values) > len(l.X) {
			return Chart{}, fmt.Errorf("line %q has %d values for %d steps", line.Name, len(line.Values), len(l.X))
		}
	}
	chart := echarts.NewLine()
	chart.SetXAxis(l.X)
	chart.SetGlobalOptions(
		echarts.WithXAxisOpts(opts.XAxis{Type: "category"}),
		echarts.WithYAxisOpts(opts.YAxis{Type: "value", Min: 0}),
		echarts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis"}),
	)
	var extras []map[string]any
	if l.Band != nil {
		low, gap := make([]opts.LineData, len(l.X)), make([]opts.LineData, len(l.X))
		for i := range l.X {
			low[i], gap[i] = opts.LineData{Value: "-"}, opts.LineData{Value: "-"}
			if i < len(l.Band.Low) && i < len(l.Band.High) && !math.IsNaN(l.Band.Low[i]) {
				low[i].Value, gap[i].Value = l.Band.Low[i], l.Band.High[i]-l.Band.Low[i]
			}
		}
		chart.AddSeries(l.Band.Name+" low", low).AddSeries(l.Band.Name, gap)
		quiet := map[string]any{"stack": "band", "symbol": "none", "quiet": true, "lineStyle": map[string]any{"opacity": 0}}
		extras = append(extras, quiet, map[string]any{
			"stack": "band", "symbol": "none", "quiet": true, "lineStyle": map[string]any{"opacity": 0},
			"areaStyle": map[string]any{"color": Colour("accent").css(), "opacity": .16},
		})
	}
	for i, line := range l.Lines {
		data := make([]opts.LineData, len(line.Values))
		for k, v := range line.Values {
			data[k] = opts.LineData{Value: value(v)}
		}
		chart.AddSeries(line.Name, data)
		extra := line.extra()
		if i == 0 && l.Today != "" {
			extra["markLine"] = map[string]any{
				"symbol": "none", "silent": true, "label": map[string]any{"show": false},
				"lineStyle": map[string]any{"color": Colour("line-2").css(), "type": "solid", "width": 1},
				"data":      []any{map[string]any{"xAxis": l.Today}},
			}
		}
		extras = append(extras, extra)
	}
	chart.Validate()
	room := l.Labels
	if room == 0 {
		room = 130
	}
	option, err := encode(chart.JSON(), look{Y: l.Unit, Right: room}, extras)
	if err != nil {
		return Chart{}, err
	}
	return Chart{Label: l.Label, Size: l.Size, Option: option}, nil
}

// value is a number or ECharts' word for a gap; NaN is no JSON.
func value(v float64) any {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "-"
	}
	return v
}

func (l Line) extra() map[string]any {
	style := map[string]any{"width": 2}
	colour, label := Colour("ink"), Colour("ink")
	switch l.Look {
	case Compared:
		colour, label = "mid", "ink-3"
		style["width"] = 1.5
	case Target:
		style["width"], style["type"] = 1, "dashed"
	case Forecast:
		colour = "accent"
		style["type"] = "dashed"
		style["width"] = 1.5
	case This:
	}
	if l.Colour != "" {
		colour = l.Colour
	}
	style["color"] = colour.css()
	extra := map[string]any{
		"lineStyle": style, "itemStyle": map[string]any{"color": colour.css()},
		"symbol": "circle", "symbolSize": 6, "showSymbol": false, "z": 3,
	}
	if l.Look == This {
		extra["z"] = 5
	}
	if l.End != "" {
		extra["endLabel"] = map[string]any{
			"show": true, "formatter": l.End, "distance": 8, "fontSize": 11, "color": label.css(),
			"fontWeight": map[bool]int{true: 600, false: 400}[l.Look == This || l.Look == Forecast],
			"offset":     []int{0, -l.Lift},
		}
	}
	return extra
}
