package audit

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzWaiting reads any file as that of the events that wait for the log: half a
// line of a crash is nothing.
func FuzzWaiting(f *testing.F) {
	for _, text := range []string{"", "{}\n", `{"at":"2026-11-22T12:00:00Z","actor":"u","action":"sign-in"}` + "\n{", "\x00\n\xff", `{"Action":"x","Detail":{"a":"b"}}`, `{"action":"x","detail":[]}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(t.TempDir(), "waiting")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		events, err := readWaiting(file)
		if err != nil {
			return
		}
		for _, e := range events {
			if e.Action == "" {
				t.Errorf("%q holds an event of no action", text)
			}
		}
	})
}
