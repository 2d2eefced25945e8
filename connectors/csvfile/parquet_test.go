package csvfile

import (
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
)

type parquetDeal struct {
	ID       string    `parquet:"deal_id"`
	Status   string    `parquet:"status,enum"`
	Amount   int64     `parquet:"amount,decimal(2:18)"`
	Currency *string   `parquet:"currency,optional"`
	Created  time.Time `parquet:"created_at,timestamp(microsecond)"`
	Expected int32     `parquet:"expected_close_on,date"`
	Chance   *float64  `parquet:"probability,optional"`
	Reason   [5]byte   `parquet:"lost_reason"`
}

func writeParquet[T any](tb testing.TB, path string, rows []T) {
	tb.Helper()
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	w := parquet.NewGenericWriter[T](f)
	if _, err := w.Write(rows); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	if err := f.Close(); err != nil {
		tb.Fatal(err)
	}
}

func TestParquetFilesAreReadLikeCSV(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	usd, chance := "USD", 0.25
	created := time.Date(2026, 1, 31, 9, 30, 15, 999e6, time.UTC)
	writeParquet(t, filepath.Join(dir, "deals.parquet"), []parquetDeal{
		{"D1", "won", 123450, &usd, created, 20544, &chance, [5]byte{'p', 'r', 'i', 'c', 'e'}},
		{"", "won", 1, nil, created, 0, nil, [5]byte{'x', ' ', ' ', ' ', ' '}},
		{"D3", "open", -5, nil, time.Date(1969, 12, 31, 23, 59, 59, 1e6, time.UTC), 0, nil, [5]byte{'x', 'x', 'x', 'x', 'x'}},
	})
	rec, cursor, err := read(t, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	equalLines(t, "deals", rec.rows["deals"], []string{
		"deal_id=D1 status=won amount=123450 currency=USD created_at=2026-01-31T09:30:15Z expected_close_on=2026-04-01 probability=0.25 lost_reason=price",
		"deal_id=D3 status=open amount=-5 created_at=1969-12-31T23:59:59Z expected_close_on=1970-01-01 lost_reason=xxxxx",
	})
	equalLines(t, "rejected", rec.rejects, []string{"deals.parquet:2 deal_id: deal_id is missing; a record is known by it, so fill it in the source"})
	if rec.read != 3 || cursor == "" {
		t.Errorf("read %d rows, cursor %q", rec.read, cursor)
	}
}

func TestAMappingReadsParquet(t *testing.T) {
	t.Parallel()
	type row struct {
		Kunde struct {
			Name string `parquet:"name"`
		} `parquet:"kunde"`
	}
	dir := t.TempDir()
	r := row{}
	r.Kunde.Name = "Müller"
	writeParquet(t, filepath.Join(dir, "kunden.parquet"), []row{r})
	rec, _, err := read(t, dir, settings(t, "files: [{match: '*.parquet', records: [{stream: accounts, set: {account_id: {id: [kunde.name]}, name: kunde.name, segment: _file}}]}]"))
	if err != nil {
		t.Fatal(err)
	}
	equalLines(t, "accounts", rec.rows["accounts"], []string{"account_id=8d612256111f61fc6d19a950f17e7258 name=Müller segment=kunden"})
}

func TestDecimalsOfParquetAreExact(t *testing.T) {
	t.Parallel()
	big1, _ := new(big.Int).SetString("123456789012345678901", 10)
	tests := []struct {
		v     parquet.Value
		scale int
		want  string
	}{
		{parquet.Int32Value(-1), 2, "-0.01"},
		{parquet.Int64Value(123450), 2, "1234.50"},
		{parquet.FixedLenByteArrayValue(big1.Bytes()), 3, "123456789012345678.901"},
		{parquet.FixedLenByteArrayValue([]byte{0xff, 0xfe}), 1, "-0.2"},
		{parquet.ByteArrayValue([]byte{0}), 0, "0"},
	}
	for _, tt := range tests {
		if got := decimalText(tt.v, tt.scale); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

func TestADamagedParquetFileFailsTheSource(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "deals.parquet")
	writeParquet(t, path, []parquetDeal{{ID: "D1", Status: "won"}})
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := 4; n < len(whole); n += 97 {
		write(t, dir, "deals.parquet", string(whole[:n]))
		if _, _, err := read(t, dir, nil); err == nil {
			t.Errorf("cut after %d bytes: read without an error", n)
		}
		flipped := append([]byte(nil), whole...)
		flipped[n] ^= 0xff
		write(t, dir, "deals.parquet", string(flipped))
		_, _, _ = read(t, dir, nil) // an error or rows, never a panic
	}
}
