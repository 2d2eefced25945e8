package charts

import (
	"math"

	echarts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Portfolio sets share of spend against share of net contribution: a dot for
// each campaign, the line of equal share dashed.
type Portfolio struct {
	Label  string
	Points []Holding
	XName  string
	Size   string
}

// Holding is one campaign or channel of the portfolio.
type Holding struct {
	Name   string
	Spend  float64 // share of spend, 0..1
	Share  float64 // share of net contribution
	Text   string  // beside the dot: name and MER
	Colour Colour
	Href   string
}

// Chart makes the option.
func (p Portfolio) Chart() (Chart, error) {
	chart := echarts.NewScatter()
	chart.SetGlobalOptions(
		echarts.WithXAxisOpts(opts.XAxis{Type: "value", Min: 0, Name: p.XName, NameLocation: "middle", NameGap: 26}),
		echarts.WithYAxisOpts(opts.YAxis{Type: "value"}),
		echarts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item"}),
	)
	spend, share := 0.0, 0.0
	var extras []map[string]any
	shifts := p.shifts()
	for i, h := range p.Points {
		spend, share = max(spend, h.Spend), max(share, h.Share)
		chart.AddSeries(h.Name, []opts.ScatterData{{Name: h.Name, Value: []any{value(h.Spend), value(h.Share)}, SymbolSize: 10}})
		extras = append(extras, map[string]any{
			"itemStyle": map[string]any{"color": h.Colour.css(), "borderColor": Colour("paper").css(), "borderWidth": 1.5},
			"label": map[string]any{
				"show": true, "position": "right", "distance": 7, "formatter": h.Text, "fontSize": 11, "color": Colour("ink").css(),
				"offset": []int{0, shifts[i]},
			},
		})
	}
	if top := min(spend, share); len(extras) > 0 {
		extras[0]["markLine"] = map[string]any{
			"symbol": "none", "silent": true, "label": map[string]any{"show": false},
			"lineStyle": map[string]any{"color": Colour("ink-3").css(), "type": "dashed", "width": 1},
			"data": []any{
				[]any{map[string]any{"coord": []float64{0, 0}}, map[string]any{"coord": []float64{top, top}}},
				map[string]any{"yAxis": 0, "lineStyle": map[string]any{"color": Colour("ink").css(), "type": "solid", "width": 1.3}},
			},
		}
	}
	chart.Validate()
	option, err := encode(chart.JSON(), look{X: "percent:0", Y: "percent:0", Right: 150}, extras)
	if err != nil {
		return Chart{}, err
	}
	return Chart{Label: p.Label, Size: p.Size, Option: option}, nil
}

// shifts moves the labels of dots of about the same height apart, in px: the
// upper one up, the lower one down.
func (p Portfolio) shifts() []int {
	low, high := 0.0, 0.0
	for _, h := range p.Points {
		low, high = min(low, h.Share), max(high, h.Share)
	}
	out := make([]int, len(p.Points))
	for i, a := range p.Points {
		for j, b := range p.Points {
			if i == j || math.Abs(a.Share-b.Share) > (high-low)*.05 {
				continue
			}
			if a.Share > b.Share || a.Share == b.Share && i < j {
				out[i] -= 7
			} else {
				out[i] += 7
			}
		}
	}
	return out
}
