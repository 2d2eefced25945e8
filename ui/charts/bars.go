package charts

import (
	echarts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Bars is a bar chart by step, stacked when it has several series: won revenue
// by month, spend by channel. Its axis begins at zero.
type Bars struct {
	Label  string
	X      []string
	Series []BarSeries
	Unit   string
	Size   string
}

// BarSeries is one stack layer; a hatched one is the unattributed part.
type BarSeries struct {
	Name    string
	Values  []float64
	Colour  Colour
	Hatched bool
}

// Chart makes the option.
func (b Bars) Chart() (Chart, error) {
	chart := echarts.NewBar()
	chart.SetXAxis(b.X)
	chart.SetGlobalOptions(
		echarts.WithXAxisOpts(opts.XAxis{Type: "category"}),
		echarts.WithYAxisOpts(opts.YAxis{Type: "value"}),
		echarts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis"}),
	)
	var extras []map[string]any
	for _, s := range b.Series {
		data := make([]opts.BarData, len(s.Values))
		for i, v := range s.Values {
			data[i] = opts.BarData{Value: value(v)}
		}
		chart.AddSeries(s.Name, data)
		extra := map[string]any{"stack": "all", "barMaxWidth": 36, "itemStyle": map[string]any{"color": s.Colour.css()}}
		if s.Hatched {
			extra["hatched"] = true
		}
		extras = append(extras, extra)
	}
	chart.Validate()
	option, err := encode(chart.JSON(), look{Y: b.Unit}, extras)
	if err != nil {
		return Chart{}, err
	}
	return Chart{Label: b.Label, Size: b.Size, Option: option}, nil
}
