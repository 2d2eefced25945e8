package adsexport

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"credence/connectors"
	"credence/connectors/connectortest"
	"credence/connectors/localfile"
)

// FuzzSheet reads any bytes as a download; what is kept must be fit for the
// warehouse.
func FuzzSheet(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "ads", "*.csv"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		content, rerr := os.ReadFile(name)
		if rerr != nil {
			f.Fatal(rerr)
		}
		f.Add(content)
	}
	f.Add([]byte("Campaign name,Day,Amount spent (JPY)\nA,2025-03-01,\"1,200\"\nA,2025-03-01,99999999999999999999\n"))
	opened, err := Connector().Open(map[string]any{"path": "x"}, connectors.Env{Now: connectortest.Now, Location: time.UTC, Currency: "EUR"})
	if err != nil {
		f.Fatal(err)
	}
	src, ok := opened.(*source)
	if !ok {
		f.Fatalf("got a %T", opened)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		rec := &connectortest.Recorder{}
		rec.File("x.csv")
		b := newBook("Paid Social")
		if src.sheet(t.Context(), localfile.Sheet{Name: "x.csv", Content: content}, b, rec) != nil {
			return // an error is an answer
		}
		if err := b.put(t.Context(), rec); err != nil {
			t.Fatal(err)
		}
		if len(rec.Faults) > 0 {
			t.Fatal(rec.Faults)
		}
	})
}
