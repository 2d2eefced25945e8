package paths_test

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"credence/attribution/paths"
)

// benchTable keeps the table of the benchmark, to time the whole command on.
var benchTable = flag.String("table", "", "file to write the benchmark's path table to")

var benchChannels = strings.Split("Paid Social,Organic Social,Rep Social,E-mail,Paid Search,Organic Search,Display,Video,Event,"+
	"Referral,Direct,Sales,Other,Affiliate,Podcast,Webinar,Print,Partner,Community,Retargeting", ",")

// table writes journeys over 20 channels, some touched more than others, of 6
// touches in the mean, geometric; and says how many touches.
func table(journeys int) (text []byte, touches int) {
	var b bytes.Buffer
	r := rand.New(rand.NewPCG(2026, 3))
	b.WriteString("path,total_conversions,total_conversion_value,total_null\n")
	for range journeys {
		for n := 0; n == 0 || r.IntN(6) > 0; n++ {
			if n > 0 {
				b.WriteString(" > ")
			}
			b.WriteString(benchChannels[int(20*r.Float64()*r.Float64())])
			touches++
		}
		conversions := r.IntN(3)
		fmt.Fprintf(&b, ",%d,%.2f,%d\n", conversions, float64(conversions)*50*r.ExpFloat64(), r.IntN(4))
	}
	return b.Bytes(), touches
}

func BenchmarkRun(b *testing.B) {
	const journeys = 1_000_000
	text, touches := table(journeys)
	if *benchTable != "" {
		if err := os.WriteFile(*benchTable, text, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for _, c := range []struct {
		models []string
		order  int
	}{
		{[]string{"first", "last", "linear"}, 1},
		{[]string{"markov"}, 1},
		{[]string{"markov"}, 2},
		{[]string{"markov"}, 3},
		{[]string{"shapley"}, 1},
		{paths.ModelIDs(), 1},
	} {
		b.Run(fmt.Sprintf("%s/order%d", strings.Join(c.models, "+"), c.order), func(b *testing.B) {
			o := paths.Defaults()
			o.Models, o.Order = c.models, c.order
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := paths.Run(b.Context(), bytes.NewReader(text), o); err != nil {
					b.Fatal(err)
				}
			}
			runs := float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(journeys*runs, "journeys/s")
			b.ReportMetric(float64(touches)*runs, "touches/s")
		})
	}
}
