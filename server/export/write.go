package export

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"credence/warehouse/money"
)

// Formats are how a report can be written, with their content types.
var Formats = map[string]string{
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"csv":  "text/csv; charset=utf-8",
	"json": "application/json",
}

// Write writes the report in a format of Formats.
func (r Report) Write(w io.Writer, format string) error {
	switch format {
	case "xlsx":
		return r.writeXLSX(w)
	case "csv":
		return r.writeCSV(w)
	case "json":
		return r.writeJSON(w)
	}
	return fmt.Errorf("%q is no format of a report; formats are csv, json, xlsx", format)
}

// writeCSV writes one line a figure: section, row, measure, value, unit.
func (r Report) writeCSV(w io.Writer) error {
	file := csv.NewWriter(w)
	if err := file.Write([]string{"section", "row", "measure", "value", "unit"}); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	for _, s := range r.Sections {
		for _, row := range s.Rows {
			for i := 1; i < len(row); i++ {
				value, unit := r.plain(row[i])
				if unit == "" {
					value = Defuse(value)
				}
				if err := file.Write([]string{s.ID, Defuse(fmt.Sprint(row[0])), s.Columns[i].ID, value, unit}); err != nil {
					return fmt.Errorf("write report: %w", err)
				}
			}
		}
	}
	file.Flush()
	return file.Error()
}

// plain is a cell as decimal text with its unit; "n/a" is empty.
func (r Report) plain(cell any) (value, unit string) {
	switch v := cell.(type) {
	case nil:
		return "", "n/a"
	case Money:
		return money.Format(int64(v), r.Currency), r.Currency
	case Share:
		return decimal(float64(v)), "share"
	case Ratio:
		return decimal(float64(v)), "ratio"
	case Days:
		return decimal(float64(v)), "days"
	case Count:
		return strconv.FormatInt(int64(v), 10), "count"
	}
	return fmt.Sprint(cell), ""
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

type jsonReport struct {
	Company     string        `json:"company"`
	Currency    string        `json:"currency"`
	Period      string        `json:"period"`
	From        time.Time     `json:"from"`
	To          time.Time     `json:"to"`
	Model       string        `json:"model"`
	Generation  int64         `json:"generation"`
	RefreshedAt time.Time     `json:"refreshed_at"`
	Sections    []jsonSection `json:"sections"`
}

type jsonSection struct {
	Section string       `json:"section"`
	Title   string       `json:"title"`
	Note    string       `json:"note"`
	Columns []string     `json:"columns"`
	Rows    [][]jsonCell `json:"rows"`
}

// jsonCell is a figure: money as decimal text, other numbers as numbers.
type jsonCell struct {
	Value any    `json:"value"`
	Unit  string `json:"unit,omitempty"`
}

func (r Report) writeJSON(w io.Writer) error {
	out := jsonReport{
		Company: r.Company, Currency: r.Currency, Period: r.Period.Name, From: r.Period.From, To: r.Period.To,
		Model: r.Model.ID, Generation: r.Generation, RefreshedAt: r.RefreshedAt,
	}
	for _, s := range r.Sections {
		js := jsonSection{Section: s.ID, Title: s.Title, Note: s.Note, Rows: [][]jsonCell{}}
		for _, c := range s.Columns {
			js.Columns = append(js.Columns, c.ID)
		}
		for _, row := range s.Rows {
			var cells []jsonCell
			for _, cell := range row {
				value, unit := r.plain(cell)
				switch unit {
				case "n/a":
					cells = append(cells, jsonCell{nil, ""})
				case "", r.Currency:
					cells = append(cells, jsonCell{value, unit})
				default:
					cells = append(cells, jsonCell{json.Number(value), unit})
				}
			}
			js.Rows = append(js.Rows, cells)
		}
		out.Sections = append(out.Sections, js)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(out); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}
