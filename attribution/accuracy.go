package attribution

import (
	_ "embed" // the measured accuracy
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
)

// accuracyCSV is what `make accuracy` measured; ACCURACY.md beside it says how.
//
//go:embed accuracy.csv
var accuracyCSV string

// Accuracy is how far a model was from the truth of the sample company, in the
// mean over the worlds of one process, with a 90 % interval.
type Accuracy struct {
	Process string // how buyers behave in these worlds
	Level   string // one of Levels or rep_behaviours; "all" for figures of no level
	Figure  string // unattributed_share, money_error, share_error, rank_agreement, interval_coverage or interval_width
	Mean    float64
	Low     *float64
	High    *float64
	Worlds  int
}

// AccuracyOf is what was measured of a model, in the order of accuracy.csv;
// nothing when it was not measured. The aggregate figures of a learned model go
// by its id and " (aggregate)".
func AccuracyOf(model string) ([]Accuracy, error) {
	rows, err := csv.NewReader(strings.NewReader(accuracyCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read accuracy.csv: %w", err)
	}
	var out []Accuracy
	for i, row := range rows {
		if i == 0 || row[2] != model {
			continue
		}
		a := Accuracy{Process: row[0], Level: row[1], Figure: row[3]}
		if a.Mean, err = strconv.ParseFloat(row[4], 64); err != nil {
			continue // a figure that cannot be compared
		}
		a.Low, a.High = number(row[5]), number(row[6])
		if a.Worlds, err = strconv.Atoi(row[7]); err != nil {
			return nil, fmt.Errorf("read accuracy.csv, line %d: %w", i+1, err)
		}
		out = append(out, a)
	}
	return out, nil
}

func number(text string) *float64 {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil
	}
	return &v
}
