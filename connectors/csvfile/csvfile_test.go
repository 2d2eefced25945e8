package csvfile

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/connectors"
	"credence/warehouse"
)

// recorder is a sink that keeps everything in readable form.
type recorder struct {
	rows    map[string][]string // by stream: "column=value column=value" of present values
	last    map[string]map[string]warehouse.Row
	rejects []string
	files   []string
	read    int
	file    string
	plain   bool // count only
	puts    int
}

func newRecorder() *recorder {
	return &recorder{rows: map[string][]string{}, last: map[string]map[string]warehouse.Row{}}
}

func (r *recorder) File(name string) { r.file = name; r.files = append(r.files, name) }
func (r *recorder) Read(n int)       { r.read += n }
func (r *recorder) Put(record any) error {
	s, row := warehouse.RowOf(record)
	return r.PutRow(s, row)
}

func (r *recorder) PutRow(s *warehouse.Stream, row warehouse.Row) error {
	r.puts++
	if r.plain {
		return nil
	}
	r.rows[s.Name] = append(r.rows[s.Name], show(s, row))
	if r.last[s.Name] == nil {
		r.last[s.Name] = map[string]warehouse.Row{}
	}
	r.last[s.Name][s.SourceID(row)] = row
	return nil
}

func (r *recorder) Reject(x connectors.Rejection) error {
	r.rejects = append(r.rejects, fmt.Sprintf("%s:%d %s: %s", r.file, x.Line, x.Field, x.Reason))
	return nil
}

func show(s *warehouse.Stream, row warehouse.Row) string {
	var parts []string
	for i, v := range row {
		if v == nil {
			continue
		}
		if at, ok := v.(time.Time); ok {
			if s.Columns[i].Kind == warehouse.Day {
				v = at.Format(time.DateOnly)
			} else {
				v = at.Format(time.RFC3339)
			}
		}
		parts = append(parts, fmt.Sprintf("%s=%v", s.Columns[i].Name, v))
	}
	return strings.Join(parts, " ")
}

var berlin = mustZone("Europe/Berlin")

func mustZone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

// folder writes files and returns their folder.
func folder(tb testing.TB, files map[string]string) string {
	tb.Helper()
	dir := tb.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

func write(tb testing.TB, dir, name, text string) {
	tb.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
}

func env(dir string) connectors.Env {
	return connectors.Env{BaseDir: dir, Currency: "EUR", Location: berlin, Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
}

// read opens a source over dir and reads it from the start.
func read(tb testing.TB, dir string, settings map[string]any) (*recorder, string, error) {
	tb.Helper()
	if settings == nil {
		settings = map[string]any{}
	}
	if settings["path"] == nil {
		settings["path"] = dir
	}
	src, err := Connector().Open(settings, env(dir))
	if err != nil {
		return newRecorder(), "", err
	}
	rec := newRecorder()
	cursor, err := src.Read(context.Background(), "", rec)
	return rec, cursor, err
}

func equalLines(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\ngot\n  %s\nwant\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestCanonicalFilesBecomeRecords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		files   map[string]string
		set     map[string]any
		stream  string
		want    []string
		rejects []string
	}{
		{
			"every kind of value",
			map[string]string{"deals.csv": "deal_id,status,amount,currency,created_at,expected_close_on,closed_at,updated_at,probability,name\n" +
				"D1,won,1234.5,USD,2026-01-31T10:00:00+01:00,2026-03-01,2026-02-28,2026-02-28T10:00:00.999Z,0.7,\"Plant, \"\"north\"\"\"\n"},
			nil, "deals",
			[]string{`deal_id=D1 name=Plant, "north" status=won amount=123450 currency=USD created_at=2026-01-31T09:00:00Z expected_close_on=2026-03-01 closed_at=2026-02-28T22:59:59Z updated_at=2026-02-28T10:00:00Z probability=0.7`},
			nil,
		},
		{
			"amounts without a currency are in the company's",
			map[string]string{"deals.csv": "deal_id,status,amount\nD1,open,10\n"},
			nil, "deals",
			[]string{"deal_id=D1 status=open amount=1000"},
			nil,
		},
		{
			"a date is the first instant of the local day but for deals",
			map[string]string{"activities.csv": "activity_id,kind,occurred_at\nA,call,2026-07-01\nB,call,2026-07-01T09:00\n"},
			nil, "activities",
			[]string{"activity_id=A kind=call occurred_at=2026-06-30T22:00:00Z", "activity_id=B kind=call occurred_at=2026-07-01T07:00:00Z"},
			nil,
		},
		{
			"a message id is hashed and a hash is not",
			map[string]string{"activities.csv": "activity_id,kind,occurred_at,uid\nA,email,2026-07-01,<x@y.example>\nB,email,2026-07-01,00ff\n"},
			nil, "activities",
			[]string{"activity_id=A kind=email occurred_at=2026-06-30T22:00:00Z uid=" + warehouse.HashUID("x@y.example"), "activity_id=B kind=email occurred_at=2026-06-30T22:00:00Z uid=00ff"},
			nil,
		},
		{
			"byte order mark, semicolons, decimal commas and German dates",
			map[string]string{"deals.csv": "\ufeffdeal_id;status;amount;created_at\nD1;won;1.234,50;31.12.2025\nD2;won;1.234;01.02.2026\n"},
			nil, "deals",
			[]string{"deal_id=D1 status=won amount=123450 created_at=2025-12-31T22:59:59Z", "deal_id=D2 status=won amount=123400 created_at=2026-02-01T22:59:59Z"},
			nil,
		},
		{
			"what a later row tells counts for an earlier one",
			map[string]string{"deals.csv": "deal_id;status;amount;created_at\nD2;won;1.234;01/02/2026\nD1;won;7,5;12/31/2025\n"},
			nil, "deals",
			[]string{"deal_id=D2 status=won amount=123400 created_at=2026-01-02T22:59:59Z", "deal_id=D1 status=won amount=750 created_at=2025-12-31T22:59:59Z"},
			nil,
		},
		{
			"tabs and a Windows code page",
			map[string]string{"accounts.tsv": "account_id\tname\nA\tM\xfcller AG\n"},
			nil, "accounts",
			[]string{"account_id=A name=Müller AG"},
			nil,
		},
		{
			"UTF-16 with a byte order mark",
			map[string]string{"accounts.csv": "\xff\xfea\x00c\x00c\x00o\x00u\x00n\x00t\x00_\x00i\x00d\x00,\x00n\x00a\x00m\x00e\x00\r\x00\n\x00A\x00,\x00\xfc\x00\r\x00\n\x00"},
			nil, "accounts",
			[]string{"account_id=A name=ü"},
			nil,
		},
		{
			"old Mac line ends and Excel's sep line",
			map[string]string{"accounts.csv": "sep=|\raccount_id|name\rA|x\r"},
			nil, "accounts",
			[]string{"account_id=A name=x"},
			nil,
		},
		{
			"configured format, no header, skipped lines",
			map[string]string{"deals.csv": "report of today\nx;y\nD1#open#1,5#2/1/2026\n"},
			map[string]any{"separator": "#", "header": "no", "columns": []any{"deal_id", "status", "amount", "created_at"}, "skip_lines": 2, "decimal": "comma", "date_format": "D/M/YYYY"},
			"deals",
			[]string{"deal_id=D1 status=open amount=150 created_at=2026-01-02T22:59:59Z"},
			nil,
		},
		{
			"bad rows are kept aside and the rest goes on",
			map[string]string{"deals.csv": "deal_id,status,amount,currency,created_at,probability\n" +
				"D1,open,1,EUR,2026-01-31,\n" +
				"D2,closed,1,EUR,2026-01-31,\n" +
				",open,1,EUR,2026-01-31,\n" +
				"D4,open,1.234,EUR,2026-01-31,\n" +
				"D5,open,1,EURO,2026-01-31,\n" +
				"D6,open,1,EUR,2026-02-30,\n" +
				"D7,open,1,EUR,soon,\n" +
				"D8,open,12,JPY\n" +
				"\n" +
				"D10,open,12.5,JPY,2026-01-31,\n" +
				"D11,open,12.5,KWD,2026-01-31,nan\n" +
				"D12,open,99999999999999999999,EUR,2026-01-31,\n" +
				"D13,open,1,EUR,2026-01-31,\"x\"y\n" +
				"D14,open,1,EUR,31/12/2026,\n" +
				"D15,,1,EUR,2026-01-31,\n" +
				"D16,open,one,EUR,2026-01-31,\n" +
				"D17,open,1,EUR,2026-01-31,\"never closed\n" +
				"D18,open,1,EUR,2026-01-31,50%\n"},
			nil, "deals",
			[]string{
				"deal_id=D1 status=open amount=100 currency=EUR created_at=2026-01-31T22:59:59Z",
				"deal_id=D14 status=open amount=100 currency=EUR created_at=2026-12-31T22:59:59Z",
				"deal_id=D18 status=open amount=100 currency=EUR created_at=2026-01-31T22:59:59Z probability=0.5",
			},
			[]string{
				`deals.csv:3 status: status is "closed"; write one of open, won, lost`,
				`deals.csv:4 deal_id: deal_id is missing; a record is known by it, so fill it in the source`,
				`deals.csv:5 amount: amount "1.234" has more decimals than EUR has, which is 2; round it in the source`,
				`deals.csv:6 currency: currency "EURO" is no ISO 4217 code; write one such as EUR, USD or JPY`,
				`deals.csv:7 created_at: created_at "2026-02-30" is not in the calendar; write a date that exists, such as 2026-01-31`,
				`deals.csv:8 created_at: created_at "soon" is no date; write it as 2026-01-31 or 2026-01-31T09:30:00+01:00, or set date_format`,
				`deals.csv:9 : the row has 4 fields and the header has 6; write an empty field for each missing value`,
				`deals.csv:11 amount: amount "12.5" has more decimals than JPY has, which is 0; round it in the source`,
				`deals.csv:12 probability: probability "nan" is no number; write it as 1234.50, or set decimal to comma`,
				`deals.csv:13 amount: amount "99999999999999999999" is too large to store; correct it in the source`,
				`deals.csv:14 : text follows a closing quotation mark; write a mark inside a field twice (""), or set quotes: no`,
				`deals.csv:16 status: status is missing; write one of open, won, lost`,
				`deals.csv:17 amount: amount "one" is no number; write it as 1234.50, or set decimal to comma`,
				`deals.csv:18 : a quotation mark opens in this row and is never closed; close it, write a mark inside a field twice (""), or set quotes: no`,
			},
		},
		{
			"a date that exists in no order is none",
			map[string]string{"deals.csv": "deal_id,status,amount,currency,created_at,closed_at\n" +
				"D1,open,1,EUR,2026-01-31,\nD2,open,1,EUR,31.13.2026,\nD3,open,1,EUR,13/31/2026,\nD4,open,1,EUR,2026-01-30,\nD5,open,1,EUR,2026-01-29,\nD6,open,1,EUR,1/2/2026,\n"},
			nil, "deals",
			[]string{
				"deal_id=D1 status=open amount=100 currency=EUR created_at=2026-01-31T22:59:59Z",
				"deal_id=D4 status=open amount=100 currency=EUR created_at=2026-01-30T22:59:59Z",
				"deal_id=D5 status=open amount=100 currency=EUR created_at=2026-01-29T22:59:59Z",
			},
			[]string{
				`deals.csv:3 created_at: created_at "31.13.2026" is no date; write it as 2026-01-31 or 2026-01-31T09:30:00+01:00, or set date_format`,
				`deals.csv:4 created_at: created_at "13/31/2026" is no date; write it as 2026-01-31 or 2026-01-31T09:30:00+01:00, or set date_format`,
				`deals.csv:7 created_at: created_at "1/2/2026" can be read with the day or the month first; write it as 2026-01-31, or set date_format to D/M/YYYY or M/D/YYYY`,
			},
		},
		{
			"NUL and broken UTF-8 cost their row",
			map[string]string{"accounts.csv": "account_id,name\nA,Müller Größe\nB,x\x00y\nC,\xff\nD,d\n"},
			nil, "accounts",
			[]string{"account_id=A name=Müller Größe", "account_id=D name=d"},
			[]string{
				"accounts.csv:3 : the row holds a NUL character, which no text has; export the file again",
				"accounts.csv:4 : the row holds bytes that are not UTF-8; save the file as UTF-8, or set encoding",
			},
		},
		{
			"line numbers count lines inside quotes",
			map[string]string{"accounts.csv": "account_id,name\r\nA,\"two\r\nlines\"\r\n,x\r\n"},
			nil, "accounts",
			[]string{"account_id=A name=two\nlines"},
			[]string{"accounts.csv:4 account_id: account_id is missing; a record is known by it, so fill it in the source"},
		},
		{
			"quotas and rates",
			map[string]string{"quotas.csv": "rep_id,period,amount\nR1,2026q3,5\nR1,Q3 2026,5\n"},
			nil, "quotas",
			[]string{"rep_id=R1 period=2026Q3 amount=500"},
			[]string{`quotas.csv:3 period: period is "Q3 2026"; write a year, quarter or month: 2026, 2026Q3 or 2026-07`},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, tt.files)
			rec, _, err := read(t, dir, tt.set)
			if err != nil {
				t.Fatal(err)
			}
			equalLines(t, tt.stream, rec.rows[tt.stream], tt.want)
			equalLines(t, "rejected", rec.rejects, tt.rejects)
		})
	}
}

func TestAFileThatCannotBeReadFailsTheSource(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		files map[string]string
		set   map[string]any
		want  string
	}{
		{"an unknown column", map[string]string{"deals.csv": "deal_id,status,ammount\n"}, nil, `deals.csv: unknown column "ammount"; did you mean "amount"?`}, //nolint:misspell // the typo is what is tested
		{"a key column is missing", map[string]string{"deals.csv": "name,status\n"}, nil, `deals.csv: there is no column "deal_id", which every record of deals needs`},
		{"a column twice", map[string]string{"deals.csv": "deal_id,status,name,name\n"}, nil, `deals.csv: the column "name" is there twice; take one out`},
		{"an unknown name", map[string]string{"deal.csv": "deal_id,status\n"}, nil, `deal.csv has no canonical name; did you mean "deals"? Rename it, say under files what it holds, or leave it out with ignore: [deal.csv]`},
		{
			"dates that nobody can tell",
			map[string]string{"deals.csv": "deal_id,status,created_at\nA,won,01/02/2026\nB,won,03/04/2026\n"},
			nil,
			`deals.csv: the column "created_at" has dates such as 01/02/2026, which can be read with the day or the month first, and no date of the file tells which; set date_format to D/M/YYYY or M/D/YYYY`,
		},
		{
			"dates in two orders",
			map[string]string{"deals.csv": "deal_id,status,created_at\nA,won,13/02/2026\nB,won,03/14/2026\n"},
			nil,
			`deals.csv: the column "created_at" has dates with the day first and dates with the month first; set date_format to the one that is meant, such as D/M/YYYY or M/D/YYYY`,
		},
		{
			"commas that nobody can tell",
			map[string]string{"deals.csv": "deal_id;status;amount\nA;won;1,234\n"},
			nil,
			`deals.csv: the column "amount" has numbers such as 1,234, whose comma can stand before decimals or thousands, and no number of the file tells which; set decimal to point or comma`,
		},
		{
			"numbers in two forms",
			map[string]string{"deals.csv": "deal_id;status;amount\nA;won;1,5\nB;won;1.5\n"},
			nil,
			`deals.csv: the column "amount" has numbers with a decimal point and numbers with a decimal comma; set decimal to the one that is meant, point or comma`,
		},
		{"an empty folder", map[string]string{"x/y.csv": ""}, nil, `holds no file to read; put files with canonical names there (deals.csv, contacts.csv, …), or name others under files`},
		{"a file that is no Parquet", map[string]string{"deals.parquet": "PAR1 and no more"}, nil, `deals.parquet: it is no whole Parquet file`},
		{"a missing path", nil, map[string]any{"path": "nowhere"}, `nowhere does not exist`},
		{"a workbook", map[string]string{"deals.xlsx": "PK"}, nil, `deals.xlsx is a workbook, which is not read; save its sheets as CSV, or leave it out with ignore: [deals.xlsx]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := read(t, folder(t, tt.files), tt.set)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestUnchangedFilesAreSkipped(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"accounts.csv": "account_id\nA\n", "reps.csv": "rep_id\nR\n"})
	src, err := Connector().Open(map[string]any{"path": "."}, env(dir))
	if err != nil {
		t.Fatal(err)
	}
	first := newRecorder()
	cursor, err := src.Read(context.Background(), "", first)
	if err != nil {
		t.Fatal(err)
	}
	equalLines(t, "files first", first.files, []string{"reps.csv", "accounts.csv"})
	write(t, dir, "reps.csv", "rep_id\nR\nS\n")
	second := newRecorder()
	next, err := src.Read(context.Background(), cursor, second)
	if err != nil {
		t.Fatal(err)
	}
	equalLines(t, "files after one changed", second.files, []string{"reps.csv"})
	third := newRecorder()
	if _, err = src.Read(context.Background(), next, third); err != nil || len(third.files) != 0 {
		t.Errorf("nothing changed: read %v, %v", third.files, err)
	}
	if !json.Valid([]byte(next)) {
		t.Errorf("the cursor is no JSON: %s", next)
	}
	if _, err = src.Read(context.Background(), "{", newRecorder()); err == nil {
		t.Error("a broken cursor is taken for none")
	}
	other, err := Connector().Open(map[string]any{"path": ".", "decimal": "point"}, env(dir))
	if err != nil {
		t.Fatal(err)
	}
	again := newRecorder()
	if _, err := other.Read(context.Background(), next, again); err != nil || len(again.files) != 2 {
		t.Errorf("another configuration: read %v, %v; want both files", again.files, err)
	}
}
