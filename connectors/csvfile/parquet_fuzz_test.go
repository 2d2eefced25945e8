package csvfile

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// FuzzParquet reads any bytes as a Parquet file: damage is told, and ends
// nothing.
func FuzzParquet(f *testing.F) {
	file := filepath.Join(f.TempDir(), "deals.parquet")
	writeParquet(f, file, []parquetDeal{{ID: "D1", Status: "won", Amount: 12345, Created: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}, {ID: "D2", Status: "open"}})
	good, err := os.ReadFile(file)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)-9])
	f.Add([]byte("PAR1PAR1"))
	f.Add([]byte("PAR1\x00\x00\x00\x7f\xff\xff\xff\xffPAR1")) // a footer of 4 GiB
	f.Add([]byte("PAR1\x00\x00\x00\x00\xff\xff\xff\xffPAR1"))
	for at := 5; at < len(good); at += 37 { // one byte turned, here and there
		bad := append([]byte(nil), good...)
		bad[at] ^= 0xff
		f.Add(bad)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "deals.parquet"), content, 0o600); err != nil {
			t.Fatal(err)
		}
		src, err := Connector().Open(map[string]any{"path": "deals.parquet"}, env(dir))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		rec := newRecorder()
		if _, err := src.Read(ctx, "", rec); err == nil && rec.read < len(rec.rejects) {
			t.Errorf("%d rows read and %d rejected", rec.read, len(rec.rejects))
		}
	})
}
