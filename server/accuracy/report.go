package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// key names one figure of the report.
type key struct{ process, level, model, figure string }

// report is every figure over the worlds of each process.
type report struct {
	processes []string
	seeds     []uint64
	deals     int
	models    []string // ids of its rows, in their order
	estimates map[key]estimate
}

func newReport(p plan, scores map[world][]score) report {
	worlds := make([]world, 0, len(scores))
	for w := range scores {
		worlds = append(worlds, w)
	}
	slices.SortFunc(worlds, world.compare)
	values := map[key][]float64{}
	for _, w := range worlds {
		for _, s := range scores[w] {
			k := key{w.Process, s.Level, s.Model, s.Figure}
			values[k] = append(values[k], s.Value)
		}
	}
	r := report{processes: p.processes, seeds: p.seeds, deals: p.deals, estimates: map[key]estimate{}}
	for k, list := range values {
		r.estimates[k] = estimateOf(list)
	}
	for _, id := range modelOrder() {
		if slices.ContainsFunc(p.processes, func(process string) bool { return r.of(process, everyLevel, id, figUnattributed).n > 0 }) {
			r.models = append(r.models, id)
		}
	}
	return r
}

// of is one figure; without worlds its mean is NaN.
func (r report) of(process, level, model, figure string) estimate {
	if e, ok := r.estimates[key{process, level, model, figure}]; ok {
		return e
	}
	return estimateOf(nil)
}

// contenders are the report's models: its rows without the yardsticks.
func (r report) contenders() []string {
	return slices.DeleteFunc(slices.Clone(r.models), func(id string) bool { return id == nothing || id == inTruth })
}

// write writes the report into the folder out, if any, and to stdout.
func (r report) write(out string, stdout io.Writer, say func(string, ...any)) error {
	text := r.markdown()
	if _, err := io.WriteString(stdout, text); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if out == "" {
		return nil
	}
	if err := os.MkdirAll(out, 0o755); err != nil { //nolint:gosec // a report for everyone to read
		return fmt.Errorf("write the report: %w", err)
	}
	for name, data := range map[string][]byte{"ACCURACY.md": []byte(text), "accuracy.csv": r.csv()} {
		path := filepath.Join(out, name)
		if err := writeWhole(path, data); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		say("wrote %s", path)
	}
	return nil
}

// csvFigures are the figures in the order of accuracy.csv.
var csvFigures = []string{figUnattributed, figMoney, figShare, figRank, figCovered, figWidth}

// csv is every figure of the report: one row a process, level, model and figure.
// A bound that is not known is empty.
func (r report) csv() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	row := func(cells ...string) { w.Write(cells) } //nolint:errcheck,gosec // a buffer takes all
	row("process", "level", "model", "figure", "mean", "low", "high", "n")
	for _, process := range r.processes {
		for _, lv := range append([]string{everyLevel}, levelIDs()...) {
			for _, model := range r.models {
				for _, figure := range csvFigures {
					if e := r.of(process, lv, model, figure); e.n > 0 {
						row(process, lv, model, figure, decimal(e.mean), decimal(e.low), decimal(e.high), strconv.Itoa(e.n))
					}
				}
			}
		}
	}
	w.Flush()
	return b.Bytes()
}

func levelIDs() []string {
	ids := make([]string, len(levels))
	for i, lv := range levels {
		ids[i] = lv.id
	}
	return ids
}

func decimal(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'f', 4, 64)
}
