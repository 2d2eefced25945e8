package export

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"credence/attribution"
	"credence/warehouse/calendar"
)

// evil are cells that a spreadsheet would run.
var evil = []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x00=1", "＝1", "＋1", "－1", "＠x", `=HYPERLINK("http://evil.example")`}

func sampleReport(t *testing.T, name string) Report {
	t.Helper()
	period, err := calendar.Company{}.Parse("2026Q3")
	if err != nil {
		t.Fatal(err)
	}
	model, _ := attribution.ModelByID("linear")
	return Report{
		Company: name, Currency: "EUR", Period: period, Model: model, Generation: 7, RefreshedAt: time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC),
		Sections: []Section{{
			ID: "channels", Title: "Credit by channel", Note: name,
			Columns: []Column{{"channel", "Channel"}, {"credit", "Credit"}, {"share", "Share"}, {"deals", "Deals"}, {"mer", "MER"}, {"id", "Id"}},
			Rows: []Row{
				{name, Money(123450), Share(.75), Count(3), Ratio(3.345), name},
				{"Unattributed", Money(41150), Share(.25), Count(1), nil, ""},
			},
			Chart: &Chart{Title: "Credit", Column: 1, Rows: 2},
		}},
	}
}

func TestCSVOfAReport(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	if err := sampleReport(t, "Sales").Write(&got, "csv"); err != nil {
		t.Fatal(err)
	}
	want := `section,row,measure,value,unit
channels,Sales,credit,1234.50,EUR
channels,Sales,share,0.75,share
channels,Sales,deals,3,count
channels,Sales,mer,3.345,ratio
channels,Sales,id,Sales,
channels,Unattributed,credit,411.50,EUR
channels,Unattributed,share,0.25,share
channels,Unattributed,deals,1,count
channels,Unattributed,mer,,n/a
channels,Unattributed,id,,
`
	if got.String() != want {
		t.Errorf("wrote\n%s\nwant\n%s", got.String(), want)
	}
}

func TestJSONOfAReport(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	if err := sampleReport(t, "Sales").Write(&got, "json"); err != nil {
		t.Fatal(err)
	}
	var r jsonReport
	if err := json.Unmarshal(got.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	first := r.Sections[0].Rows[0]
	if first[1].Value != "1234.50" || first[1].Unit != "EUR" || first[2].Value != .75 || r.Sections[0].Rows[1][4].Value != nil {
		t.Errorf("rows are %+v, want money as text, numbers as numbers, n/a as null", r.Sections[0].Rows)
	}
	if r.Period != "2026Q3" || r.Model != "linear" || r.Generation != 7 {
		t.Errorf("head is %+v", r)
	}
}

func TestWorkbook(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	if err := sampleReport(t, "=cmd()").Write(&file, "xlsx"); err != nil {
		t.Fatal(err)
	}
	book, oerr := excelize.OpenReader(bytes.NewReader(file.Bytes()))
	if oerr != nil {
		t.Fatal(oerr)
	}
	defer book.Close() //nolint:errcheck // nothing is written
	const sheet = "Credit by channel"
	for cell, want := range map[string]string{"A5": "'=cmd()", "F5": "'=cmd()", "A2": "'=cmd()", "E6": "n/a"} {
		got, err := book.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
		if err != nil || got != want {
			t.Errorf("%s holds %q (%v), want %q", cell, got, err, want)
		}
		if formula, err := book.GetCellFormula(sheet, cell); err != nil || formula != "" {
			t.Errorf("%s has the formula %q (%v), want none", cell, formula, err)
		}
	}
	for cell, want := range map[string]string{"B5": "1234.5", "C5": "0.75", "D5": "3", "E5": "3.345"} {
		got, err := book.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
		if err != nil || got != want {
			t.Errorf("%s holds %q (%v), want %q", cell, got, err, want)
		}
		if kind, err := book.GetCellType(sheet, cell); err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
			t.Errorf("%s is text (%v, %v), want a number", cell, kind, err)
		}
	}
	charts := 0
	z, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "xl/charts/chart") {
			charts++
		}
	}
	if charts != 1 {
		t.Errorf("the workbook has %d charts, want 1", charts)
	}
}

func TestNoTextIsAFormula(t *testing.T) {
	t.Parallel()
	for _, text := range evil {
		if got := Defuse(text); got != "'"+text {
			t.Errorf("Defuse(%q) = %q, want an apostrophe before it", text, got)
		}
	}
	for _, text := range []string{"", "Sales", "a=b", "1-2", "Zürich", "'quoted"} {
		if got := Defuse(text); got != text {
			t.Errorf("Defuse(%q) = %q, want it unchanged", text, got)
		}
	}
}

func TestAnUnknownFormatIsRefused(t *testing.T) {
	t.Parallel()
	if err := (Report{}).Write(io.Discard, "pdf"); err == nil || !strings.Contains(err.Error(), "csv, json, xlsx") {
		t.Errorf("pdf: %v, want the formats there are", err)
	}
}

// FuzzCSV writes any text as a cell and reads it back: one cell, never a formula.
func FuzzCSV(f *testing.F) {
	for _, text := range evil {
		f.Add(text)
	}
	f.Add(`a,"b"` + "\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		if err := w.Write([]string{"x", Defuse(text)}); err != nil {
			t.Fatal(err)
		}
		w.Flush()
		got, err := csv.NewReader(&out).Read()
		if err != nil || len(got) != 2 {
			t.Fatalf("%q reads back as %q, %v", text, got, err)
		}
		if got[1] != "" && strings.ContainsRune(starters, []rune(got[1])[0]) {
			t.Errorf("%q is written as %q, which a spreadsheet runs", text, got[1])
		}
	})
}

// FuzzWorkbook writes any text wherever a report holds text, and reads it back:
// no cell is a formula, and the name is what it was, as far as a workbook holds it.
func FuzzWorkbook(f *testing.F) {
	for _, text := range evil {
		f.Add(text)
	}
	for _, text := range []string{"", "Sales", "</t></is></c><c><f>1+1</f></c>", "_x003D_1+1", strings.Repeat("=", 40_000), "a\x01b\x00", "\xff", "\u202e=1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := Report{Company: text, Currency: "EUR", Sections: []Section{{
			ID: "channels", Title: "Credit by channel", Note: text, Columns: []Column{{"channel", "Channel"}, {"id", "Id"}}, Rows: []Row{{text, text}},
		}}}
		var file bytes.Buffer
		if err := r.Write(&file, "xlsx"); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		book, err := excelize.OpenReader(bytes.NewReader(file.Bytes()))
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		defer book.Close() //nolint:errcheck // nothing is written
		rows, err := book.GetRows("Credit by channel", excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		for y, row := range rows {
			for x, cell := range row {
				at, err := excelize.CoordinatesToCellName(x+1, y+1)
				if err != nil {
					t.Fatal(err)
				}
				if formula, err := book.GetCellFormula("Credit by channel", at); err != nil || formula != "" {
					t.Errorf("%q is the formula %q in %s, %v", text, formula, at, err)
				}
				if y >= headRow && len(text) < 30_000 && validXML(text) && cell != Defuse(text) {
					t.Errorf("%q comes back as %q", text, cell)
				}
				if cell != "" && strings.ContainsRune(starters, []rune(cell)[0]) {
					t.Errorf("%q is written as %q, which a spreadsheet runs", text, cell)
				}
			}
		}
	})
}

// validXML reports whether a workbook can hold the text as it is.
func validXML(text string) bool {
	for _, r := range text {
		if r < ' ' || r == utf8.RuneError || r == 0xfffe || r == 0xffff {
			return false
		}
	}
	return true
}
