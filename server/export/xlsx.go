package export

import (
	"fmt"
	"io"
	"math"
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"

	"credence/warehouse/money"
)

// Where the parts of a sheet stand.
const (
	titleRow = 1
	noteRow  = 2
	headRow  = 4
)

// writeXLSX writes a workbook: one sheet a section, numbers typed, one native
// chart beside the table.
func (r Report) writeXLSX(w io.Writer) (err error) {
	f := excelize.NewFile()
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	styles, err := newStyles(f, r.Currency)
	if err != nil {
		return fmt.Errorf("prepare workbook: %w", err)
	}
	for i, s := range r.Sections {
		name := s.Title
		if i == 0 {
			err = f.SetSheetName("Sheet1", name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err != nil {
			return fmt.Errorf("add sheet %s: %w", name, err)
		}
		if err := r.writeSheet(f, name, s, styles); err != nil {
			return fmt.Errorf("write sheet %s: %w", name, err)
		}
	}
	f.SetActiveSheet(0)
	if err := f.SetDocProps(&excelize.DocProperties{Title: r.Company + ", " + r.Period.Name, Creator: "Credence"}); err != nil {
		return fmt.Errorf("describe workbook: %w", err)
	}
	if _, err := f.WriteTo(w); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// styles are the cell formats by type of number.
type styles struct{ title, note, head, money, share, ratio, count int }

func newStyles(f *excelize.File, currency string) (s styles, err error) {
	digits, err := money.Exponent(currency)
	if err != nil {
		return s, err
	}
	moneyFormat := "#,##0"
	if digits > 0 {
		moneyFormat += "." + strings.Repeat("0", digits)
	}
	number := func(format string) *excelize.Style { return &excelize.Style{CustomNumFmt: &format} }
	for _, d := range []struct {
		id    *int
		style *excelize.Style
	}{
		{&s.title, &excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}}},
		{&s.note, &excelize.Style{Font: &excelize.Font{Color: "636971"}}},
		{&s.head, &excelize.Style{Font: &excelize.Font{Bold: true}, Border: []excelize.Border{{Type: "bottom", Color: "1A1D21", Style: 1}}}},
		{&s.money, number(moneyFormat)},
		{&s.share, number("0.0%")},
		{&s.ratio, number("0.00")},
		{&s.count, number("#,##0")},
	} {
		if *d.id, err = f.NewStyle(d.style); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (r Report) writeSheet(f *excelize.File, sheet string, s Section, st styles) error {
	heading := fmt.Sprintf("%s, %s, %s", s.Title, r.Company, r.Period.Name)
	if err := put(f, sheet, 1, titleRow, Defuse(heading), st.title); err != nil {
		return err
	}
	if err := put(f, sheet, 1, noteRow, Defuse(s.Note), st.note); err != nil {
		return err
	}
	for i, c := range s.Columns {
		if err := put(f, sheet, i+1, headRow, c.Title, st.head); err != nil {
			return err
		}
	}
	for n, row := range s.Rows {
		for i, cell := range row {
			value, style := r.typed(cell, st)
			if err := put(f, sheet, i+1, headRow+1+n, value, style); err != nil {
				return err
			}
		}
	}
	if err := f.SetColWidth(sheet, "A", "A", 44); err != nil {
		return err
	}
	if err := f.SetColWidth(sheet, "B", "L", 16); err != nil {
		return err
	}
	if err := f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: headRow, TopLeftCell: fmt.Sprintf("A%d", headRow+1), ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	return addChart(f, sheet, s)
}

// typed is a cell as the workbook holds it: money in whole units.
func (r Report) typed(cell any, st styles) (value any, style int) {
	switch v := cell.(type) {
	case nil:
		return "n/a", 0
	case Money:
		digits, err := money.Exponent(r.Currency)
		if err != nil {
			digits = 2
		}
		return float64(v) / math.Pow10(digits), st.money
	case Share:
		return float64(v), st.share
	case Ratio:
		return float64(v), st.ratio
	case Days:
		return float64(v), st.ratio
	case Count:
		return int64(v), st.count
	}
	return Defuse(fmt.Sprint(cell)), 0
}

// coded is how a workbook writes a character by its number: a text that looks so
// would be read as another one, which may begin a formula.
var coded = regexp.MustCompile(`_x[0-9A-Fa-f]{4}`)

func put(f *excelize.File, sheet string, column, row int, value any, style int) error {
	cell, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return err
	}
	if text, ok := value.(string); ok {
		err = f.SetCellStr(sheet, cell, coded.ReplaceAllString(text, "_x005F$0"))
	} else {
		err = f.SetCellValue(sheet, cell, value)
	}
	if err != nil || style == 0 {
		return err
	}
	return f.SetCellStyle(sheet, cell, cell, style)
}

// addChart draws the section's chart to the right of its table.
func addChart(f *excelize.File, sheet string, s Section) error {
	if s.Chart == nil || s.Chart.Rows == 0 {
		return nil
	}
	column, err := excelize.ColumnNumberToName(s.Chart.Column + 1)
	if err != nil {
		return err
	}
	at, err := excelize.CoordinatesToCellName(len(s.Columns)+2, headRow)
	if err != nil {
		return err
	}
	quoted := "'" + strings.ReplaceAll(sheet, "'", "''") + "'"
	span := func(col string) string {
		return fmt.Sprintf("%s!$%s$%d:$%s$%d", quoted, col, headRow+1, col, headRow+s.Chart.Rows)
	}
	gap := uint(60)
	return f.AddChart(sheet, at, &excelize.Chart{
		Type:      excelize.Bar,
		Series:    []excelize.ChartSeries{{Name: fmt.Sprintf("%s!$%s$%d", quoted, column, headRow), Categories: span("A"), Values: span(column), Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1F3A93"}}}},
		Title:     excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: s.Chart.Title}}},
		Legend:    excelize.ChartLegend{Position: "none"},
		GapWidth:  &gap,
		YAxis:     excelize.ChartAxis{MajorGridLines: true},
		XAxis:     excelize.ChartAxis{ReverseOrder: true}, // the first row on top
		Dimension: excelize.ChartDimension{Width: 620, Height: uint(160 + 26*s.Chart.Rows)},
	})
}
