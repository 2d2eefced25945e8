package charts_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"credence/ui/charts"
)

// FuzzChart draws any names and values: the option is JSON without a bracket that
// a page could take for a tag, and every name in it is the text it was; an empty one
// is left out.
func FuzzChart(f *testing.F) {
	f.Add(evil, "b", 1.0, -2.5)
	f.Add("__f__x__f__", "</script>", 0.0, 1e308)
	f.Add("{a|b}{c}", "var(--ink)", -1.5, 5e-324)
	f.Add("\u2028\u2029\x00\xff", "", 1.0, 1.0)
	f.Add("", "</script>", 0.0, 1e308)
	f.Fuzz(func(t *testing.T, one, two string, v, w float64) {
		for kind, chart := range map[string]func() (charts.Chart, error){
			"lines":     charts.Lines{X: []string{one, two}, Lines: []charts.Line{{Name: one, Values: []float64{v, w}, End: two}}, Band: &charts.Band{Name: two, Low: []float64{v, v}, High: []float64{w, w}}, Today: one, Unit: "money:EUR"}.Chart,
			"bars":      charts.Bars{X: []string{one, two}, Series: []charts.BarSeries{{Name: one, Values: []float64{v, w}}}}.Chart,
			"portfolio": charts.Portfolio{Points: []charts.Holding{{Name: one, Text: two, Spend: v, Share: w, Href: "/campaigns/x"}}}.Chart,
		} {
			c, err := chart()
			if err != nil {
				t.Fatalf("%s of %q and %q: %v", kind, one, two, err)
			}
			if strings.ContainsAny(string(c.Option), "<>&\u2028\u2029") {
				t.Errorf("%s of %q and %q is not safe in a page: %s", kind, one, two, c.Option)
			}
			var back any
			if err := json.Unmarshal(c.Option, &back); err != nil {
				t.Fatalf("%s of %q and %q is no JSON: %v", kind, one, two, err)
			}
			if one != "" && !slices.Contains(texts(back), strings.ToValidUTF8(one, "\ufffd")) && !repeated(one) {
				t.Errorf("%s does not hold %q as it is: %s", kind, one, c.Option)
			}
		}
	})
}

// repeated reports whether several bytes in a row are no text, which JSON may
// write as one mark or as many.
func repeated(text string) bool {
	return strings.ToValidUTF8(text, "\ufffd") != string([]rune(text))
}

// texts are the strings of a JSON value.
func texts(v any) (out []string) {
	switch v := v.(type) {
	case string:
		out = append(out, v)
	case []any:
		for _, one := range v {
			out = append(out, texts(one)...)
		}
	case map[string]any:
		for _, one := range v {
			out = append(out, texts(one)...)
		}
	}
	return out
}
