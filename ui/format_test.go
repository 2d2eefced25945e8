package ui_test

import (
	"math"
	"testing"
	"time"

	"credence/ui"
)

func TestFormatsAreReadersUnits(t *testing.T) {
	t.Parallel()
	en, de := ui.NewFormat("", nil), ui.NewFormat("de", nil)
	const n = "\u202f"
	tests := []struct{ name, got, want string }{
		{"thousands have one digit", en.Short(2_430_000, "EUR"), "€24.3" + n + "k"},
		{"hundreds of thousands have none", en.Short(77_627_500, "EUR"), "€776" + n + "k"},
		{"millions have two, trailing zeros dropped", en.Short(120_000_000, "EUR"), "€1.2" + n + "M"},
		{"a value that rounds up changes unit", en.Short(99_999_900, "EUR"), "€1" + n + "M"},
		{"small money is whole", en.Short(85_400, "EUR"), "€854"},
		{"negative has a true minus", en.Short(-5_300_000, "EUR"), "\u2212€53" + n + "k"},
		{"exact money keeps the cents", en.Money(694_286, "EUR"), "€6,942.86"},
		{"less than one unit", en.Money(7, "EUR"), "€0.07"},
		{"yen have no minor digits", en.Money(1234, "JPY"), "¥1,234"},
		{"dinars have three", en.Money(1_234_567, "KWD"), "KWD" + n + "1,234.567"},
		{"German puts the sign last", de.Money(694_286, "EUR"), "6.942,86" + n + "€"},
		{"German millions", de.Short(120_000_000, "EUR"), "1,2" + n + "M" + n + "€"},
		{"whole money is rounded", en.Whole(431_264_050, "EUR"), "€4,312,641"},
		{"per cent", en.Percent(.1799, 0), "18" + n + "%"},
		{"no value is a dash", en.Percent(math.NaN(), 1), "–"},
		{"zero over zero is a dash", en.Number(math.Inf(1), 2), "–"},
		{"signed", en.Signed(2, 1), "+2.0"},
		{"signed nothing", en.Signed(0, 1), "0.0"},
		{"points", en.Points(-.006), "\u22120.6" + n + "pts"},
		{"no minus zero", en.Number(-.001, 1), "0.0"},
		{"counts are grouped", en.Count(1_640), "1,640"},
		{"one deal", en.Plural(1, "deal", "deals"), "1 deal"},
		{"no time is a dash", en.Date(time.Time{}), "–"},
		{"the zone decides the day", ui.NewFormat("", time.FixedZone("CET", 3600)).Date(time.Date(2026, 9, 1, 23, 30, 0, 0, time.UTC)), "2 Sep 2026"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, test.got, test.want)
		}
	}
}

func TestLanguagesAreMatched(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{"": "en-GB", "de-AT,de;q=0.9": "de", "ja": "en-GB", "en-US,en;q=0.5": "en-US"} {
		if got := ui.MatchLanguage(header); got != want {
			t.Errorf("MatchLanguage(%q) = %q, want %q", header, got, want)
		}
	}
}

func TestAxisHasRoundTicksAndKeepsValuesInside(t *testing.T) {
	t.Parallel()
	a := ui.NewAxis([]float64{318, 430}, func(v float64) string { return ui.NewFormat("", nil).Number(v, 0) })
	if len(a.Ticks) < 3 || len(a.Ticks) > 6 || a.Ticks[1].Text != "200" {
		t.Errorf("ticks = %v, want 0, 200, 400", a.Ticks)
	}
	if a.At(-5) != 0 || a.At(1e9) != 100 || a.X(0) != "0%" {
		t.Errorf("values outside leave the axis: %v %v %v", a.At(-5), a.At(1e9), a.X(0))
	}
	log := ui.NewLogAxis([]float64{.3, 11.4}, func(float64) string { return "" })
	if at := log.At(1); at < 20 || at > 50 {
		t.Errorf("break-even at %v %%, want between the ends", at)
	}
}
