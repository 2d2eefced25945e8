package charts_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"credence/ui/charts"
)

// evil is a name that breaks out of a script and one that go-echarts would turn
// into code.
const evil = `</script><script>alert(1)</script>__f__alert(2)__f__`

func TestChartsHoldDataOnly(t *testing.T) {
	t.Parallel()
	makers := map[string]func() (charts.Chart, error){
		"lines": charts.Lines{X: []string{evil, "b"}, Lines: []charts.Line{
			{Name: evil, Values: []float64{1, math.NaN()}, End: evil},
			{Name: "forecast", Values: []float64{1, 2}, Look: charts.Forecast},
		}, Band: &charts.Band{Name: evil, Low: []float64{math.NaN(), 1}, High: []float64{math.NaN(), 3}}, Today: evil, Unit: "money:EUR"}.Chart,
		"bars":      charts.Bars{X: []string{evil}, Series: []charts.BarSeries{{Name: evil, Values: []float64{math.Inf(1)}, Hatched: true}}}.Chart,
		"portfolio": charts.Portfolio{Points: []charts.Holding{{Name: evil, Text: evil, Spend: .2, Share: .4}}}.Chart,
	}
	for name, chart := range makers {
		t.Run(name+" of hostile names is inert", func(t *testing.T) {
			t.Parallel()
			c, err := chart()
			if err != nil {
				t.Fatalf("chart: %v", err)
			}
			if strings.ContainsAny(string(c.Option), "<>") {
				t.Errorf("option holds an unescaped angle bracket: %s", c.Option)
			}
			var back map[string]any
			if err := json.Unmarshal(c.Option, &back); err != nil {
				t.Errorf("option is no JSON: %v", err)
			}
			if !strings.Contains(string(c.Option), `"credence"`) {
				t.Errorf("option lacks its formats: %s", c.Option)
			}
		})
	}
}

func TestLinesRefuseMoreValuesThanSteps(t *testing.T) {
	t.Parallel()
	_, err := charts.Lines{X: []string{"a"}, Lines: []charts.Line{{Name: "won", Values: []float64{1, 2}}}}.Chart()
	if err == nil || !strings.Contains(err.Error(), "2 values for 1 steps") {
		t.Errorf("error = %v, want one that names both counts", err)
	}
}
