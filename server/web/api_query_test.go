package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"credence/ui"
)

func TestTheAPIRefusesWhatItDoesNotTake(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	bearer := wd.cmo(t, s)
	tests := []struct {
		target string
		want   int
		says   string
	}{
		{"/api/v1/deals?perid=2026", 400, `unknown parameter \"perid\"; did you mean \"period\"?`},
		{"/api/v1/deals?period=2026&stauts=won", 400, `did you mean \"status\"?`},
		{"/api/v1/channels?zzz=1", 400, "known are limit, cursor, next, period, model"},
		{"/api/v1/me?period=2026", 400, "takes none"},
		{"/api/v1/openapi.json?x=1", 400, "takes none"},
		{"/api/v1/deals?cursor=x", 400, "begin with the first page"},
		{"/api/v1/deals?next=x", 400, "begin with the first page"},
		{"/api/v1/accounts?cursor=!", 400, "begin with the first page"},
		{"/api/v1/accounts?cursor=abcd", 400, "begin with the first page"},
		{"/api/v1/reps?next=abcd", 400, "begin with the first page"},
		{"/api/v1/credits?cursor=abcd", 400, "begin with the first page"},
		{"/api/v1/channels?cursor=" + cursorOf("x"), 400, "begin with the first page"},
		{"/api/v1/channels?cursor=" + cursorOf("-1:2"), 400, "refreshed since"},
		{"/api/v1/channels?limit=0", 400, "limit"},
		{"/api/v1/deals?status=won&status=open", 400, "status is given 2 times; write it once"},
		{"/api/v1/channels?period=2026&exclude=channel%3DEvent&exclude=channel%3DDisplay", 200, ""},
		{"/deals?perid=2026", 200, ""}, // pages are lenient
	}
	for _, tt := range tests {
		a := s.ask(t, http.MethodGet, tt.target, nil, "Authorization", bearer)
		if a.StatusCode != tt.want || !strings.Contains(a.body, tt.says) {
			t.Errorf("%s answers %d %.300s, want %d with %s", tt.target, a.StatusCode, a.body, tt.want, tt.says)
		}
	}
}

// TestListsGoOnByTheirCursor reads lists one row a page, by both names of the
// cursor, and compares with the whole.
func TestListsGoOnByTheirCursor(t *testing.T) {
	t.Parallel()
	wd := sampleWorld(t)
	s := wd.server(t)
	bearer := wd.cmo(t, s)
	type page struct {
		Items []map[string]any `json:"items"`
		Next  *string          `json:"next"`
		Total string           `json:"total"`
	}
	get := func(target string) (p page) {
		t.Helper()
		a := s.ask(t, http.MethodGet, target, nil, "Authorization", bearer)
		if err := json.Unmarshal([]byte(a.body), &p); err != nil || a.StatusCode != http.StatusOK {
			t.Fatalf("%s answers %d: %s", target, a.StatusCode, a.body)
		}
		return p
	}
	for _, list := range []string{"channels", "campaigns"} {
		base := "/api/v1/" + list + "?period=2026"
		whole := get(base + "&limit=1000")
		if len(whole.Items) < 3 || whole.Next != nil {
			t.Fatalf("%s has %d rows and next %v", base, len(whole.Items), whole.Next)
		}
		kinds := []string{}
		for _, item := range whole.Items {
			for _, key := range []string{"channel", "campaign_id"} {
				if _, ok := item[key].(string); !ok {
					t.Errorf("%s: a row of kind %q has no %s", base, item["kind"], key)
				}
			}
			kinds = append(kinds, fmt.Sprint(item["kind"]))
		}
		if !slices.Contains(kinds, "unattributed") {
			t.Errorf("%s has no unattributed row: %v", base, kinds)
		}
		for _, name := range []string{"cursor", "next"} {
			got, at := []map[string]any{}, ""
			for len(got) < len(whole.Items) {
				p, want := get(base+"&limit=4&"+name+"="+url.QueryEscape(at)), min(4, len(whole.Items)-len(got))
				if len(p.Items) != want || p.Total != whole.Total {
					t.Fatalf("%s: a page of %d has %d rows and the total %s, want %s", base, want, len(p.Items), p.Total, whole.Total)
				}
				got = append(got, p.Items...)
				if at = ""; p.Next != nil {
					at = *p.Next
				}
			}
			if at != "" {
				t.Errorf("%s: the last page has a next", base)
			}
			if want, have := jsonText(t, whole.Items), jsonText(t, got); want != have {
				t.Errorf("%s by %s: the pages are not the whole: %s, want %s", base, name, have, want)
			}
		}
	}
}

func jsonText(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestMaskMail(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"anna.berg@halden.example":                 "a…@halden.example",
		"Anna <anna+x@b.de>, o'neil@c.ie":          "Anna <a…@b.de>, o…@c.ie",
		"ünal@d.de":                                "ü…@d.de",
		"anna%40halden.example":                    "a…%40halden.example",
		"no address":                               "no address",
		"verp/anna=b.de@mx.example and 2026-01-01": "v…@mx.example and 2026-01-01",
	} {
		if got := maskMail(text); got != want {
			t.Errorf("maskMail(%q) = %q, want %q", text, got, want)
		}
	}
	for reason, want := range map[string]string{
		`closed_at "Anna \"B\" Berg" is no date; set "decimal"`: `closed_at "…" is no date; set "…"`,
		`period is "Anna Be`: `period is "…"`,
		`is missing`:         `is missing`,
	} {
		if got := unquoted(reason); got != want {
			t.Errorf("unquoted(%q) = %q, want %q", reason, got, want)
		}
	}
}

func TestNarrowAxisHasFewTicks(t *testing.T) {
	t.Parallel()
	for _, high := range []float64{1, 310, 999, 12345} {
		a := ui.NewAxis([]float64{high}, func(float64) string { return "x" }).Thin(3)
		if n := len(a.Ticks); n < 2 || n > 3 || a.Ticks[0].At != 0 {
			t.Errorf("an axis to %v keeps %d ticks: %v", high, n, a.Ticks)
		}
	}
}
