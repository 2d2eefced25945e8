package socialexport

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
	files, err := filepath.Glob(filepath.Join("testdata", "social", "*.csv"))
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
	f.Add([]byte("Post ID,Posted,Likes,Network\n1,03/04/2025,1e9\n,,\x00\n"))
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
		_ = src.sheet(t.Context(), localfile.Sheet{Name: "x.csv", Content: content}, rec) // an error is an answer
		if len(rec.Faults) > 0 {
			t.Fatal(rec.Faults)
		}
	})
}
