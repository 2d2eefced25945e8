package adsexport

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/connectors"
	"credence/connectors/connectortest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	connectortest.Run(t, Connector(), connectortest.Case{
		Name: "ranges and days", Fixture: "testdata", Golden: "testdata/ads.golden",
		Settings: map[string]any{"path": "ads", "decimal": ""},
		Reorder: func(t *testing.T, dir string) {
			t.Helper()
			for _, file := range []string{"march.csv", "april.csv"} {
				name := filepath.Join(dir, "ads", file)
				lines := strings.Split(strings.TrimSpace(read(t, name)), "\n")
				slices.Reverse(lines[1:])
				if err := os.Remove(name); err != nil {
					t.Fatal(err)
				}
				write(t, filepath.Join(dir, "ads", "renamed "+file), strings.Join(lines, "\n"))
			}
		},
		BadRow: func(t *testing.T, dir string) {
			t.Helper()
			name := filepath.Join(dir, "ads", "march.csv")
			write(t, name, read(t, name)+"\"Late\",2025-03-04,6009,1,1,1,2025-13-02,2025-03-01,2025-03-31,1.00\n")
		},
		BadFile: func(t *testing.T, dir string) {
			t.Helper()
			write(t, filepath.Join(dir, "ads", "noise.csv"), "\x00\x01\x02\x00\x00\x00")
		},
		BadFileName: "noise.csv",
		Why:         "an ads export holds no body text",
	})
}

func TestRows(t *testing.T) {
	t.Parallel()
	const header = "Campaign name,Campaign ID,Starts,Ends,Reporting starts,Reporting ends,Amount spent (EUR)\n"
	tests := []struct {
		name     string
		files    map[string]string
		settings map[string]any
		spend    string // "day amount" of every row
		rejected string // contained in the reason of the only rejection
		err      string
	}{
		{"three days share a cent", map[string]string{"a.csv": header + "A,1,2025-03-01,2025-03-03,2025-03-01,2025-03-31,1.00\n"}, nil, "03-01 33 03-02 34 03-03 33", "", ""},
		{"a campaign that ran before the range is billed over the range", map[string]string{"a.csv": header + "A,1,2025-01-01,2025-01-31,2025-03-01,2025-03-02,1.00\n"}, nil, "03-01 50 03-02 50", "", ""},
		{"a range that is not over ends today", map[string]string{"a.csv": header + "A,1,2026-11-21,Ongoing,2026-11-01,2026-11-30,1.00\n"}, nil, "11-21 50 11-22 50", "", ""},
		{"a range to come", map[string]string{"a.csv": header + "A,1,2026-12-01,Ongoing,2026-12-01,2026-12-30,1.00\n"}, nil, "", "no day that is over", ""},
		{"a refund", map[string]string{"a.csv": header + "A,1,2025-03-01,2025-03-02,2025-03-01,2025-03-31,-1.01\n"}, nil, "03-01 -51 03-02 -50", "", ""},
		{"overlapping ranges of two files", map[string]string{
			"a.csv": header + "A,1,2025-03-01,2025-03-02,2025-03-01,2025-03-31,1.00\n",
			"b.csv": header + "A,1,2025-03-02,2025-03-03,2025-03-02,2025-04-30,1.00\n",
		}, nil, "03-01 50 03-02 50", "already in a.csv", ""},
		{"a later file with days replaces", map[string]string{
			"a.csv": "Campaign name,Day,Cost\nA,2025-03-01,1.00\nA,2025-03-02,1.00\n",
			"b.csv": "Campaign name,Day,Cost\nA,2025-03-02,1.25\n",
		}, nil, "03-01 100 03-02 125", "", ""},
		{"a spreadsheet rounded the id", map[string]string{"a.csv": header + "A,6.07652E+12,2025-03-01,2025-03-02,2025-03-01,2025-03-31,1.00\n"}, nil, "", "rounded by a spreadsheet", ""},
		{"a range of centuries", map[string]string{"a.csv": header + "A,1,1990-03-01,2025-03-02,1990-03-01,2025-03-31,1.00\n"}, nil, "", "longer than ten years", ""},
		{"ambiguous dates", map[string]string{"a.csv": "Campaign name,Day,Cost\nA,03/04/2025,1.00\n"}, nil, "", "set date_order", ""},
		{"ambiguous dates, told", map[string]string{"a.csv": "Campaign name,Day,Cost\nA,03/04/2025,1.00\n"}, map[string]any{"date_order": "dmy"}, "04-03 100", "", ""},
		{"yen have no minor unit", map[string]string{"a.csv": "Campaign name,Day,Amount spent (JPY)\nA,2025-03-01,\"1,200\"\n"}, nil, "03-01 1200", "", ""},
		{
			"another language",
			map[string]string{"a.csv": "Kampagne;Tag;Ausgegebener Betrag (EUR)\nA;2025-03-01;1,20\n"},
			map[string]any{"columns": map[string]any{"campaign_name": "Kampagne", "day": "Tag", "amount": "Ausgegebener Betrag (EUR)"}},
			"03-01 120", "", "",
		},
		{"a currency that is none", map[string]string{"a.csv": "Campaign name,Day,Amount spent (XQX)\nA,2025-03-01,1\n"}, nil, "", "", "ISO 4217"},
		{"a currency that contradicts", map[string]string{"a.csv": "Campaign name,Day,Amount spent (USD)\nA,2025-03-01,1\n"}, map[string]any{"currency": "EUR"}, "", "", "remove the key"},
		{"missing columns", map[string]string{"a.csv": "Campaign name,Impressions\nA,1\n"}, nil, "", "", "Reporting starts and ends"},
		{"an empty file", map[string]string{"a.csv": ""}, nil, "", "", "a.csv lacks"},
		{"a workbook beside it", map[string]string{"a.csv": "Campaign name,Day,Cost\nA,2025-03-01,1.00\n", "b.xlsx": "PK"}, nil, "03-01 100", "save it as CSV", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for name, text := range tt.files {
				write(t, filepath.Join(dir, name), text)
			}
			set := map[string]any{"path": dir}
			maps.Copy(set, tt.settings)
			src, err := Connector().Open(set, connectors.Env{Now: connectortest.Now, Location: time.UTC, Currency: "EUR"})
			if err != nil {
				t.Fatal(err)
			}
			rec, _, err := connectortest.Read(t.Context(), src, "")
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("got %v, want an error with %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := spend(rec); got != tt.spend {
				t.Errorf("spend: got %q, want %q", got, tt.spend)
			}
			switch {
			case tt.rejected == "" && len(rec.Rejected) == 0:
			case len(rec.Rejected) == 1 && tt.rejected != "" && strings.Contains(rec.Rejected[0].Reason, tt.rejected):
			default:
				t.Errorf("rejected: got %+v, want one with %q", rec.Rejected, tt.rejected)
			}
		})
	}
}

// spend lists "month-day amount" in the order of days.
func spend(rec *connectortest.Recorder) string {
	var out []string
	for id := range rec.Rows["spend"] {
		day, _, _ := strings.Cut(id, "|") // the key begins with the day
		out = append(out, fmt.Sprintf("%s %d", day[len("2006-"):], rec.Int("spend", id, "amount")))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// TestGenuine reads the public download of ../shared/data: 535 campaigns that
// cost 4,343.72 dollars.
func TestGenuine(t *testing.T) {
	t.Parallel()
	path, err := filepath.Abs("../../../shared/data/social-exports/facebook_ads_manager.csv")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the real data is not here: %v", err)
		}
		t.Skipf("the real data is not here: %v", err)
	}
	src, err := Connector().Open(map[string]any{"path": path}, connectors.Env{Now: connectortest.Now, Location: time.UTC, Currency: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	rec, _, err := connectortest.Read(t.Context(), src, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range rec.Faults {
		t.Error(fault)
	}
	var total int64
	for id := range rec.Rows["spend"] {
		total += rec.Int("spend", id, "amount")
		if got := rec.Value("spend", id, "currency"); got != "USD" {
			t.Fatalf("currency: got %v, want USD", got)
		}
	}
	read, rejected := rec.Totals()
	t.Logf("facebook_ads_manager.csv: %d read, %d kept, %d rejected, %d campaigns, %d days of spend, %d minor units", read, read-rejected, rejected, rec.Count("campaigns"), rec.Count("spend"), total)
	if read != 535 || rejected != 0 || rec.Count("campaigns") != 535 || total != 434372 {
		t.Errorf("got %d read, %d rejected, %d campaigns, %d minor units: %+v", read, rejected, rec.Count("campaigns"), total, rec.Rejected)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
