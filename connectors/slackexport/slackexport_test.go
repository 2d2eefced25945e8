package slackexport

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/connectors"
	"credence/connectors/connectortest"
)

func env() connectors.Env {
	return connectors.Env{Domains: []string{"halden.example"}, Now: connectortest.Now, Location: time.UTC, Currency: "EUR"}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	connectortest.Run(t, Connector(), connectortest.Case{
		Name: "an unpacked export", Fixture: "testdata", Golden: "testdata/chat.golden",
		Settings: map[string]any{"path": "chat"}, Env: env(),
		Reorder: func(t *testing.T, dir string) { // as a zip, one folder down, everything backwards
			t.Helper()
			folder := filepath.Join(dir, "chat")
			packed := pack(t, folder, func(name string, content []byte) []byte {
				var list []json.RawMessage
				if strings.HasPrefix(filepath.Base(name), "20") && json.Unmarshal(content, &list) == nil {
					slices.Reverse(list)
					out, err := json.Marshal(list)
					if err != nil {
						t.Fatal(err)
					}
					return out
				}
				return content
			})
			if err := os.RemoveAll(folder); err != nil {
				t.Fatal(err)
			}
			write(t, folder, packed)
		},
		BadRow: func(t *testing.T, dir string) {
			t.Helper()
			write(t, filepath.Join(dir, "chat", "general", "2025-03-05.json"), []byte(`[{"type":"message","user":17,"text":"canary-of-the-body","ts":"1741095000.000100"}]`))
		},
		BadFile: func(t *testing.T, dir string) {
			t.Helper()
			folder := filepath.Join(dir, "chat")
			packed := pack(t, folder, func(_ string, c []byte) []byte { return c })
			if err := os.RemoveAll(folder); err != nil {
				t.Fatal(err)
			}
			write(t, folder, packed[:len(packed)*2/3])
		},
		BadFileName: "chat",
		Canary:      "canary-of-the-body",
	})
}

func TestBadExports(t *testing.T) {
	t.Parallel()
	users := `[{"id":"U1","profile":{"email":"anna@halden.example"}}]`
	day := `[{"type":"message","user":"U1","text":"x","ts":"1741000100.000200"}]`
	tests := []struct {
		name     string
		files    map[string]string
		err      string // contains; "" for none
		rejected int
		kept     int
	}{
		{"no users.json", map[string]string{"channels.json": "[]"}, "not a Slack export", 0, 0},
		{"users.json is no list", map[string]string{"users.json": `{"ok":false}`}, "users.json of", 0, 0},
		{"a day file cut short keeps what was whole", map[string]string{"users.json": users, "a/2025-03-03.json": strings.TrimSuffix(day, "]") + `,{"type":"mess`}, "", 1, 1},
		{"a day file that is HTML", map[string]string{"users.json": users, "a/2025-03-03.json": "<html>", "a/2025-03-04.json": day}, "", 1, 1},
		{"a message dated after this run", map[string]string{"users.json": users, "a/2025-03-03.json": strings.Replace(day, "1741000100", "1941000100", 1)}, "", 1, 0},
		{"an unknown kind of message", map[string]string{"users.json": users, "a/2025-03-03.json": strings.Replace(day, `"user"`, `"subtype":"telepathy","user"`, 1)}, "", 1, 0},
		{"names that climb out are no channels", map[string]string{"users.json": users, "../../etc/2025-03-03.json": day, "a/b/2025-03-03.json": day}, "", 0, 0},
		{"a bomb", map[string]string{"users.json": users, "a/2025-03-03.json": "[" + strings.Repeat(" ", 5<<20) + "]"}, "200 times its packed size", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var buf bytes.Buffer
			z := zip.NewWriter(&buf)
			for name, text := range tt.files {
				w, err := z.Create(name)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := w.Write([]byte(text)); err != nil {
					t.Fatal(err)
				}
			}
			if err := z.Close(); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "export.zip")
			write(t, path, buf.Bytes())
			src, err := Connector().Open(map[string]any{"path": path}, env())
			if err != nil {
				t.Fatal(err)
			}
			rec, _, err := connectortest.Read(t.Context(), src, "")
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) || !strings.Contains(err.Error(), "export.zip") {
					t.Errorf("got %v, want an error with %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(rec.Rejected) != tt.rejected || rec.Count("activities") != tt.kept {
				t.Errorf("got %d rejected and %d kept, want %d and %d: %+v", len(rec.Rejected), rec.Count("activities"), tt.rejected, tt.kept, rec.Rejected)
			}
		})
	}
}

// TestDamagedEntry reads on after an entry whose checksum is wrong, and gives
// up after a hundred.
func TestDamagedEntry(t *testing.T) {
	t.Parallel()
	for _, days := range []int{3, 150} {
		dir := t.TempDir()
		var buf bytes.Buffer
		z := zip.NewWriter(&buf)
		put := func(name, text string) {
			w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		put("users.json", `[{"id":"U1"}]`)
		put("a/2024-01-01.json", `[{"type":"message","user":"U1","text":"x","ts":"1741000100.000200"}]`)
		for i := range days {
			put(fmt.Sprintf("a/2025-%02d-%02d.json", i/28+1, i%28+1), `[{"type":"message","user":"U1","text":"damaged","ts":"1741000100.000200"}]`)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "export.zip")
		write(t, path, bytes.ReplaceAll(buf.Bytes(), []byte("damaged"), []byte("DAMAGED")))
		src, err := Connector().Open(map[string]any{"path": path}, env())
		if err != nil {
			t.Fatal(err)
		}
		rec, _, err := connectortest.Read(t.Context(), src, "")
		switch {
		case days > maxBad:
			if err == nil || !strings.Contains(err.Error(), "more than 100") {
				t.Errorf("%d damaged days: got %v, want the export given up", days, err)
			}
		case err != nil || len(rec.Rejected) != days || rec.Count("activities") != 1:
			t.Errorf("%d damaged days: got %v, %d rejected, %d kept", days, err, len(rec.Rejected), rec.Count("activities"))
		}
	}
}

// TestSeveralZips reads a folder of exports, which overlap as monthly exports do.
func TestSeveralZips(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	packed := pack(t, filepath.Join("testdata", "chat"), func(_ string, c []byte) []byte { return c })
	write(t, filepath.Join(dir, "2025-03.zip"), packed)
	write(t, filepath.Join(dir, "2025-04.zip"), packed)
	src, err := Connector().Open(map[string]any{"path": dir}, env())
	if err != nil {
		t.Fatal(err)
	}
	rec, next, err := connectortest.Read(t.Context(), src, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := rec.Count("activities"); got != 13 {
		t.Errorf("got %d activities, want the 13 of one export", got)
	}
	if err = os.Remove(filepath.Join(dir, "2025-03.zip")); err != nil {
		t.Fatal(err)
	}
	rec, _, err = connectortest.Read(t.Context(), src, next)
	if err != nil || len(rec.Files) != 0 {
		t.Errorf("after one was removed: got %v and %d files, want nothing to read", err, len(rec.Files))
	}
}

// TestGenuine reads the public export of ../shared/data.
func TestGenuine(t *testing.T) {
	t.Parallel()
	path, err := filepath.Abs("../../../shared/data/slack-export")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the real data is not here: %v", err)
		}
		t.Skipf("the real data is not here: %v", err)
	}
	src, err := Connector().Open(map[string]any{"path": path}, env())
	if err != nil {
		t.Fatal(err)
	}
	rec, _, err := connectortest.Read(t.Context(), src, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range rec.Files {
		t.Logf("%s: %d read, %d kept, %d rejected", f.Name, f.Read, f.Read-f.Rejected, f.Rejected)
	}
	bots := 0
	for id := range rec.Rows["activities"] {
		if rec.Value("activities", id, "outcome") == "bot" {
			bots++
		}
	}
	for _, r := range rec.Rejected {
		t.Logf("%s/%s:%d %s %s", r.File, r.Row, r.Line, r.Field, r.Reason)
	}
	// 158 entries, of which 8 joins and 3 added bots are notes; 94 bot messages.
	read, _ := rec.Totals()
	if read != 147 || rec.Count("activities") != 147 || bots != 94 || len(rec.Rejected) != 0 {
		t.Errorf("got %d read, %d activities, %d of bots, %d rejected", read, rec.Count("activities"), bots, len(rec.Rejected))
	}
}

// pack zips a folder backwards under one more folder.
func pack(tb testing.TB, folder string, change func(string, []byte) []byte) []byte {
	tb.Helper()
	var names []string
	err := filepath.WalkDir(folder, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, p)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	slices.Sort(names)
	slices.Reverse(names)
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		rel, err := filepath.Rel(folder, name)
		if err != nil {
			tb.Fatal(err)
		}
		w, err := z.Create("Halden Slack export/" + filepath.ToSlash(rel))
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write(change(name, content)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes()
}

func write(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
