package csvfile

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"credence/connectors"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// The benchmarks read one well-formed deals.csv with every column, as a CRM
// writes it. BenchmarkReadCSV is DuckDB's own reader on the same file with the
// same columns and types, stored in a table; BenchmarkCSVConnector is this
// connector up to the sink, with the fingerprint of the file and every check;
// BenchmarkCSVLoad is it with the warehouse behind the sink.

const benchRows = 200_000

// benchFile writes the file into dir and returns its path.
func benchFile(tb testing.TB, dir string, rows int) string {
	tb.Helper()
	path := filepath.Join(dir, "deals.csv")
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	out := bufio.NewWriter(f)
	deals := warehouse.StreamByName("deals")
	if _, err = fmt.Fprintln(out, strings.Join(columnNames(deals), ",")); err != nil {
		tb.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	stages := []string{"Prospecting", "Qualified", "Proposal", "Negotiation", "Closed"}
	status := []string{"open", "won", "lost"}
	codes := []string{"EUR", "USD", "GBP"}
	start := time.Date(2024, 11, 16, 0, 0, 0, 0, time.UTC)
	for i := range rows {
		created := start.Add(time.Duration(r.IntN(700*86400)) * time.Second)
		closed := created.Add(time.Duration(r.IntN(120*86400)) * time.Second)
		_, err = fmt.Fprintf(out, "D-%07d,A-%04d,C-%05d,R-%02d,Measuring line %d,new business,%s,%s,new,inbound,%d.%02d,%s,%s,%s,%s,%s,commit,0.%d,,EMEA,mid-market\n",
			i, r.IntN(900), r.IntN(4000), r.IntN(36), r.IntN(400), stages[r.IntN(5)], status[r.IntN(3)], 500+r.IntN(90000), r.IntN(100), codes[r.IntN(3)],
			created.Format(time.RFC3339), closed.Format(time.DateOnly), closed.Format(time.RFC3339), closed.Format(time.RFC3339), r.IntN(10))
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		tb.Fatal(err)
	}
	if err := f.Close(); err != nil {
		tb.Fatal(err)
	}
	return path
}

func perSecond(b *testing.B, rows int) {
	b.Helper()
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func benchSource(b *testing.B, dir string) connectors.Source {
	b.Helper()
	src, err := Connector().Open(map[string]any{"path": "deals.csv"}, env(dir))
	if err != nil {
		b.Fatal(err)
	}
	return src
}

func BenchmarkCSVConnector(b *testing.B) {
	dir := b.TempDir()
	benchFile(b, dir, benchRows)
	src := benchSource(b, dir)
	b.ReportAllocs()
	for b.Loop() {
		rec := newRecorder()
		rec.plain = true
		if _, err := src.Read(context.Background(), "", rec); err != nil {
			b.Fatal(err)
		}
		if rec.puts != benchRows || len(rec.rejects) != 0 {
			b.Fatalf("%d rows, rejected %v", rec.puts, rec.rejects[:1])
		}
	}
	perSecond(b, benchRows)
}

func BenchmarkReadCSV(b *testing.B) {
	engine, err := duckdb.Open(filepath.Join(b.TempDir(), "bench.db"), duckdb.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := engine.Close(); err != nil {
			b.Error(err)
		}
	}()
	path := benchFile(b, engine.Path()+".d/inbox", benchRows)
	types := map[warehouse.Kind]string{
		warehouse.Time: "timestamptz", warehouse.Day: "date", warehouse.Int: "bigint", warehouse.Money: "decimal(18,2)", warehouse.Float: "double",
	}
	var columns []string
	for _, c := range warehouse.StreamByName("deals").Columns {
		kind := types[c.Kind]
		if kind == "" {
			kind = "varchar"
		}
		columns = append(columns, fmt.Sprintf("'%s': '%s'", c.Name, kind))
	}
	query := fmt.Sprintf("create or replace temp table bench as select * from read_csv('%s', header = true, columns = {%s})", path, strings.Join(columns, ", "))
	for b.Loop() {
		if _, err := engine.DB().ExecContext(context.Background(), query); err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b, benchRows)
}

func BenchmarkCSVLoad(b *testing.B) {
	dir := b.TempDir()
	benchFile(b, dir, benchRows)
	src := benchSource(b, dir)
	for b.Loop() {
		b.StopTimer()
		engine, err := duckdb.OpenMemory()
		if err != nil {
			b.Fatal(err)
		}
		w, err := warehouse.Open(context.Background(), engine)
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		run, err := w.Load(context.Background(), warehouse.LoadSource{Name: "crm", Kind: "csvfile", At: time.Unix(1_800_000_000, 0)}, func(l *warehouse.Loader) error {
			_, readErr := src.Read(context.Background(), "", l)
			return readErr
		})
		if err != nil || run.Changed < benchRows {
			b.Fatalf("changed %d: %v", run.Changed, err)
		}
		b.StopTimer()
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	perSecond(b, benchRows)
}
