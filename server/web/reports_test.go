package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// toldReport is a report as JSON.
type toldReport struct {
	Sections []struct {
		Section, Title, Note string
		Columns              []string
		Rows                 [][]struct {
			Value any
			Unit  string
		}
	}
}

// minor reads decimal text of two digits.
func minor(t *testing.T, text any) int64 {
	t.Helper()
	s, ok := text.(string)
	v, err := strconv.ParseInt(strings.Replace(s, ".", "", 1), 10, 64)
	if !ok || err != nil {
		t.Fatalf("%v is no money", text)
	}
	return v
}

func TestAReportHoldsEveryViewOfTheSameMoney(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	cmo := wd.cmo(t, s)
	var report toldReport
	a := s.ask(t, http.MethodGet, "/reports/2026.json", nil, "Authorization", cmo)
	if err := json.Unmarshal([]byte(a.body), &report); err != nil || a.StatusCode != http.StatusOK {
		t.Fatalf("%d, %v: %s", a.StatusCode, err, a.body)
	}
	sums, names, titles := map[string]int64{}, map[string][]string{}, map[string]bool{}
	for _, sec := range report.Sections {
		if titles[sec.Title] || len(sec.Title) > 31 {
			t.Errorf("no workbook has a second sheet %q, or so long a name", sec.Title)
		}
		titles[sec.Title] = true
		for _, row := range sec.Rows {
			if len(sec.Columns) > 1 && sec.Columns[1] == "credit" {
				sums[sec.Section] += minor(t, row[1].Value)
				name, ok := row[0].Value.(string)
				if !ok {
					t.Errorf("%s: the name of a row is %v, want a text", sec.Title, row[0].Value)
				}
				names[sec.Section] = append(names[sec.Section], name)
			}
		}
	}
	won := minor(t, strings.ReplaceAll(s.channels(t, cmo, "period=2026").Total, ",", ""))
	for _, id := range []string{"channels", "campaigns", "content", "teams"} {
		if sums[id] != won || won == 0 {
			t.Errorf("the sheet of %s sums to %d, want the won revenue %d", id, sums[id], won)
		}
	}
	accrued := minor(t, s.channels(t, cmo, "period=2026&basis=accrual").Total)
	for _, id := range []string{"channels-accrual", "campaigns-accrual"} {
		if sums[id] != accrued || accrued == won {
			t.Errorf("the sheet of %s sums to %d, want %d by touch date (%d by close)", id, sums[id], accrued, won)
		}
	}
	if slices.Contains(names["teams"], "") || !slices.Contains(names["teams"], "Unattributed") || len(names["reps"]) != 0 {
		t.Errorf("a cmo who may not name reps is told the teams %q and the reps %q", names["teams"], names["reps"])
	}
	// The page shows the same teams, small ones together.
	page := s.ask(t, http.MethodGet, "/attribution?by=team&period=2026", nil, "Authorization", cmo).body
	for _, name := range names["teams"] {
		if !strings.Contains(page, name) && name != "Unattributed" {
			t.Errorf("the report tells of %q, the page by team does not", name)
		}
	}
}
