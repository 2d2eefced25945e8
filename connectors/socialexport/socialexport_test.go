package socialexport

import (
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

const tweets = "tweet_activity_metrics_halden_instr_20250301_20250401_en.csv"

func TestConformance(t *testing.T) {
	t.Parallel()
	connectortest.Run(t, Connector(), connectortest.Case{
		Name: "Facebook and X", Fixture: "testdata", Golden: "testdata/social.golden",
		Settings: map[string]any{"path": "social"},
		Reorder: func(t *testing.T, dir string) {
			t.Helper()
			name := filepath.Join(dir, "social", tweets)
			lines := strings.Split(strings.TrimSpace(read(t, name)), "\n")
			slices.Reverse(lines[1:])
			half := len(lines) / 2
			write(t, name, strings.Join(lines[:half+1], "\r\n"))
			write(t, filepath.Join(dir, "social", "aa_20250401.csv"), "\xef\xbb\xbf"+lines[0]+"\n"+strings.Join(lines[half+1:], "\n"))
		},
		BadRow: func(t *testing.T, dir string) {
			t.Helper()
			name := filepath.Join(dir, "social", tweets)
			write(t, name, read(t, name)+`"9.4E+17","https://twitter.com/x/status/1","`+strings.Repeat("long ", 40)+`canary-of-the-body","2025-03-04 08:15 +0000","1","1"`+"\n")
		},
		BadFile: func(t *testing.T, dir string) {
			t.Helper()
			write(t, filepath.Join(dir, "social", "other.csv"), "Name,Phone\nx,1\n")
		},
		BadFileName: "other.csv",
		Canary:      "canary-of-the-body",
	})
}

func TestLayouts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file, text string
		settings         map[string]any
		want             string // of the first post and its snapshot
		err              string
	}{
		{
			"Meta Business Suite", "posts_2025-04-02.csv",
			"Post ID,Page ID,Page name,Title,Publish time,Permalink,Post type,Date,Impressions,Reactions,Comments,Shares,Total clicks\n7,1,Halden,Hello,03/30/2025 08:00,https://www.facebook.com/7,Photos,Lifetime,10,2,1,0,3\n",
			nil, `{"posts":{"post_id":"7","network":"facebook","author":"Halden","published_at":"2025-03-30T08:00:00Z","url":"https://www.facebook.com/7","kind":"photos","title":"Hello"}}
{"post_metrics":{"post_id":"7","day":"2025-04-02","impressions":10,"reactions":2,"comments":1,"shares":0,"clicks":3}}`, "",
		},
		{
			"X since 2024", "content.csv",
			"Post id,Date,Post text,Post Link,Impressions,Likes,Replies,Reposts,URL Clicks\n8,\"Sat, Nov 2, 2024\",Hi,https://x.com/halden/status/8,5,1,0,0,2\n",
			map[string]any{"author_rep_id": "R1"},
			`{"posts":{"post_id":"8","network":"x","author_rep_id":"R1","author":"halden","published_at":"2024-11-02T00:00:00Z","url":"https://x.com/halden/status/8","title":"Hi"}}
{"post_metrics":{"post_id":"8","day":"2024-11-02","impressions":5,"reactions":1,"comments":0,"shares":0,"clicks":2}}`, "",
		},
		{
			"a note above the header, and another language", "export.csv",
			"Beiträge der letzten 30 Tage;;;;\nBeitrags-Link;Text;Erstellt;Ansichten;Klicks\nhttps://www.linkedin.com/feed/update/9;Hallo;31.03.2025;1.204;3\n",
			map[string]any{
				"network": "linkedin", "author": "Anna", "decimal": ",", "exported_on": "2025-04-30",
				"columns": map[string]any{"url": "Beitrags-Link", "published": "Erstellt", "impressions": "Ansichten", "clicks": "Klicks", "text": "Text"},
			},
			`{"posts":{"post_id":"https://www.linkedin.com/feed/update/9","network":"linkedin","author":"Anna","published_at":"2025-03-31T00:00:00Z","url":"https://www.linkedin.com/feed/update/9","title":"Hallo"}}
{"post_metrics":{"post_id":"https://www.linkedin.com/feed/update/9","day":"2025-04-30","impressions":1204,"clicks":3}}`, "",
		},
		{"no network", "x.csv", "Post ID,Likes,Comments\n1,2,3\n", nil, "", `set the key "network"`},
		{"no dates and no day of the counts", "x.csv", "Month;Weekday;Hour;Paid;T_Impression;like;share\n1;2;3;0;5;6;7\n", map[string]any{"network": "facebook"}, "", "set exported_on"},
		{"an empty file", "x.csv", "", nil, "", "is empty"},
		{"a workbook", "x.csv", "PK\x03\x04", nil, "", "save it as CSV"},
		{"an unknown field", "x.csv", "", map[string]any{"columns": map[string]any{"impresions": "x"}}, "", `did you mean "impressions"`},
		{"a wrong day", "x.csv", "", map[string]any{"exported_on": "8.4.2025"}, "", "exported_on"},
		{"a wrong zone", "x.csv", "", map[string]any{"time_zone": "Berlin"}, "", "Europe/Berlin"},
		{"a wrong order", "x.csv", "", map[string]any{"date_order": "ymd"}, "", "date_order"},
		{"a wrong decimal", "x.csv", "", map[string]any{"decimal": ";"}, "", "decimal"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, filepath.Join(dir, tt.file), tt.text)
			set := map[string]any{"path": tt.file}
			maps.Copy(set, tt.settings)
			src, err := Connector().Open(set, connectors.Env{BaseDir: dir, Now: connectortest.Now, Location: time.UTC})
			var rec *connectortest.Recorder
			if err == nil {
				rec, _, err = connectortest.Read(t.Context(), src, "")
			}
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("got %v, want an error with %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(rec.Lines(), "\n"); got != tt.want || len(rec.Rejected) > 0 {
				t.Errorf("got\n%s\nwant\n%s\nrejected %+v", got, tt.want, rec.Rejected)
			}
		})
	}
}

// TestGenuine reads the public downloads of ../shared/data.
func TestGenuine(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file           string
		settings       map[string]any
		read, rejected int
		check          func(t *testing.T, rec *connectortest.Recorder)
	}{
		{"social-exports/facebook_insights.csv", nil, 3, 0, func(t *testing.T, rec *connectortest.Recorder) {
			t.Helper()
			const id = "1462412660449136_1602961003060967"
			if got := rec.Value("posts", id, "author"); got != "BeFreeOfTobacco" {
				t.Errorf("author: got %v", got)
			}
			if got := rec.Value("posts", id, "published_at"); got != time.Date(2017, 7, 17, 13, 0, 28, 0, time.UTC) {
				t.Errorf("published_at: got %v", got)
			}
		}},
		{"social-exports/tweet_activity_metrics_TCORSStgOrg_20170401_20170408_en.csv", nil, 10, 0, func(t *testing.T, rec *connectortest.Recorder) {
			t.Helper()
			if got := rec.Value("post_metrics", "848973526891720704|2017-04-08", "impressions"); got != int64(102) {
				t.Errorf("impressions: got %v, want 102", got)
			}
		}},
		{"facebook-metrics/dataset_Facebook.csv", map[string]any{"exported_on": "2015-01-15"}, 500, 0, nil},
		{"facebook-metrics/dataset_Facebook_rsw0_renamed_headers.csv", map[string]any{"exported_on": "2015-01-15"}, 500, 0, nil},
	}
	root, err := filepath.Abs("../../../shared/data")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(root); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the real data is not here: %v", err)
		}
		t.Skipf("the real data is not here: %v", err)
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			set := map[string]any{"path": tt.file}
			maps.Copy(set, tt.settings)
			src, err := Connector().Open(set, connectors.Env{BaseDir: root, Now: connectortest.Now, Location: time.UTC})
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
			read, rejected := rec.Totals()
			t.Logf("%s: %d read, %d kept, %d rejected, %d posts, %d snapshots", tt.file, read, read-rejected, rejected, rec.Count("posts"), rec.Count("post_metrics"))
			if read != tt.read || rejected != tt.rejected || rec.Count("posts") != read-rejected {
				t.Errorf("got %d read, %d rejected, want %d and %d: %+v", read, rejected, tt.read, tt.rejected, rec.Rejected)
			}
			if tt.check != nil {
				tt.check(t, rec)
			}
		})
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
