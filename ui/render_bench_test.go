package ui_test

import (
	"io"
	"slices"
	"testing"

	"credence/ui"
)

// BenchmarkRender is one page with its layout, from view to bytes, at the size
// of a busy company: 40 touches on a deal, 40 rows of credit.
func BenchmarkRender(b *testing.B) {
	deal := sampleDeal
	matrix := *deal.Matrix
	matrix.Rows = slices.Repeat(matrix.Rows, 40)
	deal.Matrix = &matrix
	lane := deal.Timeline.Lanes[0]
	lane.Marks = slices.Repeat(lane.Marks, 20)
	deal.Timeline.Lanes = []ui.Lane{lane, lane, lane}
	credit := sampleAttribution
	credit.Main.Rows = slices.Repeat(credit.Main.Rows, 40)
	nav, admin := ui.Rail([]string{"manager", "root", "cmo", "admin"})
	layout := ui.Layout{Company: "Halden Instruments", Nav: nav, Admin: admin, Finding: ui.Say("Won"), User: ui.User{Name: "Ada Lang"}}
	for _, page := range []struct {
		name string
		view any
	}{{"deal", deal}, {"attribution", credit}} {
		b.Run(page.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := ui.Render(io.Discard, page.name, layout, page.view); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
